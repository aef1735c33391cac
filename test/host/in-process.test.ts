import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { eniId, environmentFor, region, worldWith } from "../support/eni-world";
import { disturb, failure, forever } from "../support/faults";
import { InProcessHost } from "../support/in-process-host";
import {
  RecordedFailure,
  type HostOptions,
  type Properties,
  type ProviderHost,
} from "../support/provider-host";
import { ProviderProcess } from "../support/provider-process";

/*
 * Most tests run the provider in the process of the test, while the engine starts a separate one. These tests send the same
 * requests to both hosts. Answers, errors, printed lines, calls and addresses must be equal.
 */

interface Host {
  readonly start: (options: HostOptions) => Promise<ProviderHost>;
  readonly startUnconfigured: (options: Omit<HostOptions, "config">) => Promise<ProviderHost>;
}
const hosts: Readonly<Record<"inProcess" | "process", Host>> = {
  inProcess: {
    start: (options) => InProcessHost.start(options),
    startUnconfigured: (options) => InProcessHost.startUnconfigured(options),
  },
  process: {
    start: (options) => ProviderProcess.start(options),
    startUnconfigured: (options) => ProviderProcess.startUnconfigured(options),
  },
};

type Send = (request: () => Promise<unknown>) => Promise<unknown>;
interface Case {
  readonly config?: Properties;
  readonly env?: NodeJS.ProcessEnv;
  readonly unconfigured?: boolean;
  readonly run: (host: ProviderHost, emulator: Emulator, send: Send) => Promise<unknown>;
}

/** All observable results of one case on one host. */
async function observe(host: Host, { config = {}, env = {}, unconfigured = false, run }: Case) {
  const emulator = await startEmulator({ seed: worldWith(["10.0.1.30"]) });
  const environment = { ...environmentFor(emulator), ALICLOUD_SECONDARY_IPS_PACE: "0.05", ...env };
  const provider = unconfigured
    ? await host.startUnconfigured({ env: environment })
    : await host.start({ config, env: environment });
  const answers: unknown[] = [];
  const send: Send = async (request) => {
    const answer = await request().catch(described);
    answers.push(answer);
    return answer;
  };
  try {
    await run(provider, emulator, send);
    return {
      answers,
      printed: withoutFrames(await provider.printed()),
      calls: withoutRepeats(
        emulator.control.calls().map(({ action, params, code }) => ({
          action,
          params: { ...params, ClientToken: params.ClientToken && "random" },
          code,
        })),
      ),
      held: emulator.control.state().networkInterfaces.map(({ PrivateIpSets }) => PrivateIpSets),
      port: emulator.port,
    };
  } finally {
    await provider.stop();
    await emulator.close();
  }
}

function described(error: unknown): unknown {
  if (error instanceof RecordedFailure) {
    const { message, id, properties, reasons } = error;
    return { rejected: message, id, properties, reasons };
  }
  return { rejected: (error as Error).message };
}

/** A wait repeats one read, and how often depends on the time. */
function withoutRepeats<T>(calls: readonly T[]): T[] {
  return calls.filter((call, index) => JSON.stringify(call) !== JSON.stringify(calls[index - 1]));
}

/** Stack frames differ: one host loads the sources, the other one the built package. */
function withoutFrames(lines: readonly string[]): string[] {
  return lines.filter((line) => !/^\s+at /.test(line));
}

/** The observed results without random values. */
function comparable({ port, ...observed }: Awaited<ReturnType<typeof observe>>): unknown {
  const requestId = /\b[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\b/g;
  const text = JSON.stringify(observed, (_key, value: unknown) =>
    value === undefined ? "undefined" : value,
  );
  return JSON.parse(text.replace(requestId, "REQUEST").replaceAll(`:${port}`, ":PORT"));
}

async function expectEqualAnswers(one: Case): Promise<unknown[]> {
  const inProcess = await observe(hosts.inProcess, one);
  const inOwnProcess = await observe(hosts.process, one);
  expect(comparable(inProcess)).toEqual(comparable(inOwnProcess));
  return inProcess.answers;
}

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});
const good = { networkInterfaceId: eniId, privateIpAddresses: ["10.0.1.20", "10.0.1.30"] };
const assign = "AssignPrivateIpAddresses";

async function created(host: ProviderHost, send: Send, news: Properties = good): Promise<Properties> {
  const { inputs } = (await send(() => host.check(news))) as { inputs: Properties };
  const { outputs } = (await send(() => host.create(inputs))) as { outputs: Properties };
  return outputs;
}

const cases: Record<string, Case> = {
  "create, unchanged diff, update, refresh, delete": {
    run: async (host, _emulator, send) => {
      const outputs = await created(host, send);
      await send(() => host.diff(eniId, outputs, good));
      const news = { ...good, privateIpAddresses: ["10.0.1.21"] };
      await send(() => host.check(news, good));
      await send(() => host.diff(eniId, outputs, news));
      const updated = (await send(() => host.update(eniId, outputs, news))) as Properties;
      await send(() => host.read(eniId, updated));
      await send(() => host.delete(eniId, updated));
    },
  },
  "unknown values": {
    run: async (host, _emulator, send) => {
      await send(() => host.check({ networkInterfaceId: unknown, privateIpAddresses: unknown }));
      await send(() => host.check({ ...good, privateIpAddresses: ["10.0.1.20", unknown] }));
      await send(() => host.check({ ...good, __provider: unknown }, good));
      const outputs = await created(host, send);
      await send(() => host.diff(eniId, outputs, { ...good, privateIpAddresses: unknown }));
      await send(() => host.create({ ...good, privateIpAddresses: unknown }));
    },
  },
  "secret configuration and wrapped secret inputs": {
    env: { ALICLOUD_REGION: "" },
    config: {
      "alicloud:region": secret(region),
      "alicloud:accessKey": secret("test"),
      "alicloud:secretKey": "test",
    },
    run: async (host, _emulator, send) => {
      await created(host, send);
      await send(() => host.check({ ...good, privateIpAddresses: secret(["10.0.1.20"]) }));
    },
  },
  "a failure with a partial result": {
    run: async (host, emulator, send) => {
      disturb(emulator, assign, failure(403, "Forbidden.RAM"), { skip: 1, times: forever });
      const more = Array.from({ length: 15 }, (_unused, index) => `10.0.1.${40 + index}`);
      const news = { ...good, privateIpAddresses: [...good.privateIpAddresses, ...more] };
      const { properties } = (await send(() => host.create(news))) as { properties: Properties };
      await send(() => host.update(eniId, properties, news));
    },
  },
  "concurrent requests before configure has ended": {
    config: { "alicloud:region": region },
    env: { ALICLOUD_REGION: "" },
    run: async (host, _emulator, send) => {
      await Promise.all([
        host.check({ networkInterfaceId: unknown, privateIpAddresses: [] }),
        host.check({}),
        host.diff(eniId, { ...good, region }, good),
      ]).then((answers) => send(() => Promise.resolve(answers)));
    },
  },
  "requests without configure": {
    unconfigured: true,
    env: { ALICLOUD_REGION: "" },
    run: async (host, _emulator, send) => {
      await send(() => host.check(good));
      await send(() => host.create(good));
      await send(() => host.configure({ "alicloud:region": region }));
      await send(() => host.check(good));
    },
  },
  "get of an existing and of a missing ENI": {
    run: async (host, _emulator, send) => {
      await send(() => host.read(eniId, {}));
      await send(() => host.read("eni-missing", {}));
    },
  },
  "a refresh of a deleted ENI": {
    run: async (host, emulator, send) => {
      const outputs = await created(host, send);
      emulator.control.putState({});
      await send(() => host.read(eniId, outputs));
    },
  },
  "a forced replacement that creates before it deletes": {
    run: async (host, _emulator, send) => {
      const outputs = await created(host, send);
      await send(() => host.check(good, good));
      await send(() => host.check(good, {}));
      await send(() => host.create(good));
      await send(() => host.delete(eniId, outputs));
    },
  },
  "malformed inputs": {
    run: async (host, _emulator, send) => {
      await send(() => host.check({}));
      await send(() => host.check({ ...good, privateIpAddresses: ["10.0.1.300", null, 7] }));
      await send(() => host.check({ ...good, __internal: "text" }));
      await send(() => host.create({ ...good, networkInterfaceId: "" }));
      await send(() => host.update(eniId, {}, { ...good, surplus: [{ deep: [null, true, 1.5] }] }));
    },
  },
  "an invalid provider text": {
    run: async (host, _emulator, send) => {
      for (const text of [null, 7, "exports.handler=()=>{throw new Error('not here')}"]) {
        const properties = { ...good, __provider: text };
        await send(() => host.check(properties));
        await send(() => host.create(properties));
        await send(() => host.read(eniId, properties));
      }
    },
  },
  "failures of delete, diff and read": {
    run: async (host, emulator, send) => {
      disturb(emulator, "*", failure(403, "Forbidden.RAM"), { times: forever });
      const state = { ...good, region };
      await send(() => host.read(eniId, state));
      await send(() => host.delete(eniId, state));
      await send(() => host.diff(eniId, state, { ...good, networkInterfaceId: 7 }));
    },
  },
};

test.each(Object.keys(cases))("both hosts: equal results for %s", async (name) => {
  const answers = await expectEqualAnswers(cases[name] as Case);
  expect(answers).not.toEqual([]);
});

/** Results and errors of other providers: each is the provider object in a provider text. */
const methods = {
  "an undefined output":
    "create:async()=>({id:'x',outs:{a:undefined}}),update:async()=>({outs:{a:undefined}})",
  "values that a Struct cannot hold":
    "create:async()=>({id:'x',outs:{date:new Date(0),map:new Map([[1,2]]),list:[1,null,{}],number:1.5}})",
  "no outputs and no result": "create:async()=>({id:'x'}),update:async()=>undefined,read:async()=>({id:'x'})",
  "no methods": "",
  "a result without an id": "create:async()=>({outs:{}}),read:async()=>({props:{a:1},inputs:{b:2}})",
  "no result at all":
    "create:async()=>undefined,read:async()=>undefined,check:async()=>undefined,diff:async()=>undefined",
  "a partial result without properties":
    "create:async()=>{throw Object.assign(new Error('half'),{id:'x'})}," +
    "update:async()=>{throw Object.assign(new Error('half'),{id:'x',reasons:['a','b'],properties:{a:[1]}})}",
  "errors with an id where no partial result exists":
    "delete:async()=>{throw Object.assign(new Error('half'),{id:'x'})},read:async()=>{throw Object.assign(new Error('half'),{id:'x'})}",
  "an error with its own text and stack":
    "check:async()=>{throw {message:'line 1\\nline 2 %d %s',stack:'the stack',toString:()=>'the text'}}",
  "a diff without `changes`": "diff:async()=>({replaces:['a'],deleteBeforeReplace:true})",
  "check results without inputs": "check:async()=>({failures:[{property:'p',reason:'r'}]})",
  // Ends with the second request. The time-out is for a host that holds that request back: it then answers differently.
  "a slow configure":
    "configured:false,async configure({config}){" +
    "await new Promise((end)=>{this.secondRequest=end;setTimeout(end,5000).unref()});" +
    "this.configured=config.get('alicloud:region')}," +
    "async create(){this.secondRequest();return {id:'x',outs:{configured:this.configured}}}",
  "a configure that fails":
    "async configure(){throw new Error('no configuration')},create:async()=>({id:'x'})",
};

// All in one process, because each text is a separate provider.
test("both hosts: equal results, output and errors for any provider", async () => {
  const answers = await expectEqualAnswers({
    config: { "alicloud:region": region },
    run: async (host, _emulator, send) => {
      for (const [what, text] of Object.entries(methods)) {
        const state = { what, __provider: `const provider={${text}};exports.handler=()=>provider` };
        // The first request configures the provider. The second one at that moment finds it cached.
        await Promise.all([send(() => host.create(state)), send(() => host.create(state))]);
        await send(() => host.create(state));
        await send(() => host.check(state, { b: 1 }));
        await send(() => host.diff("x", state, state));
        await send(() => host.update("x", state, state));
        await send(() => host.read("x", state));
        await send(() => host.delete("x", state));
      }
    },
  });
  expect(answers).toHaveLength(8 * Object.keys(methods).length);
});
