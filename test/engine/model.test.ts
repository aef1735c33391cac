import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { CheckRequest, ReadRequest } from "@pulumi/pulumi/proto/provider_pb";
import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { EngineModel, rename, type Registration, type Saved } from "../properties/engine";
import { environmentFor, eniId, eniWith, otherEniId, otherPrimaryAddress, world } from "../support/eni-world";
import { InProcessHost } from "../support/in-process-host";
import { PluginHost, startPluginHere, type Method } from "../support/plugin-host";
import type { ProviderHost } from "../support/provider-host";
import { adaptorOfSuite, PulumiProject, type Declaration } from "../support/pulumi-project";

/*
 * The random histories run against a model of the engine. Each test runs the same programs on the real engine and on the
 * model, and compares the calls that the provider gets.
 */

/** One command of a user. */
interface Command {
  readonly program: readonly Declaration[];
  /** `pulumi destroy` instead of `pulumi up`. */
  readonly destroys?: boolean;
  readonly refreshes?: boolean;
  readonly continueOnError?: boolean;
  readonly targets?: readonly string[];
  /** The provider may not assign more addresses: after the first call, or at all. */
  readonly refusesAssign?: "later" | "always";
}

const pace = { ALICLOUD_SECONDARY_IPS_PACE: "0.1" };
const third = "eni-third";
const seed = world({}, eniWith(otherEniId, otherPrimaryAddress), eniWith(third, "10.0.1.12"));

const logged = ["check", "diff", "create", "update", "delete", "read"];

/** Logs the calls, and passes them on to the provider. */
const loggingProvider = `
const { appendFileSync } = require("node:fs");
const provider = require("pulumi-alicloud-secondary-ips/provider");
for (const method of ${JSON.stringify(logged)}) {
  const call = provider[method].bind(provider);
  provider[method] = (...args) => {
    appendFileSync(process.env.PROVIDER_LOG, JSON.stringify([method, ...args]) + "\\n");
    return call(...args);
  };
}
module.exports = provider;
`;

let onEngine: Emulator;
let onModel: Emulator;
let project: PulumiProject;
let log: Log;
const state = new Map<string, Saved>();

beforeEach(async () => {
  onEngine = await startEmulator({ seed });
  onModel = await startEmulator({ seed });
  project = await PulumiProject.create(onEngine, pace);
  log = adaptorOfSuite === "native" ? await logPlugin() : logProvider();
  Object.assign(project.env, log.env);
  state.clear();
});
afterEach(async () => {
  await log.stop();
  project.remove();
  await onEngine.close();
  await onModel.close();
});

/** The calls of the real engine. */
interface Log {
  /** Makes the engine use a provider that logs its calls. */
  readonly env: NodeJS.ProcessEnv;
  /** The calls since the last time. */
  readonly take: () => DescribedCall[];
  readonly stop: () => Promise<void>;
}

function logProvider(): Log {
  const provider = path.join(project.folder, "logging-provider.js");
  const file = path.join(project.folder, "calls.log");
  writeFileSync(provider, loggingProvider);
  return {
    env: { ALICLOUD_SECONDARY_IPS_PROVIDER: provider, PROVIDER_LOG: file },
    take: () => {
      if (!existsSync(file)) return [];
      const lines = readFileSync(file, "utf8").trimEnd().split("\n");
      rmSync(file);
      return lines.map((line) => describeCall(JSON.parse(line) as Call));
    },
    stop: () => Promise.resolve(),
  };
}

/** Starts a plugin in this process, and a server that logs the engine's requests and passes them on to it. */
async function logPlugin(): Promise<Log> {
  const plugin = await startPluginHere({ ...environmentFor(onEngine), ...pace });
  const credentials = grpc.credentials.createInsecure();
  const client = new ResourceProviderClient(`127.0.0.1:${plugin.port}`, credentials);
  let calls: DescribedCall[] = [];
  type Send = (request: unknown, done: grpc.sendUnaryData<unknown>) => void;
  const passOn = (method: Method): grpc.handleUnaryCall<unknown, unknown> => {
    const send = (client[method] as unknown as Send).bind(client);
    return ({ request }, done) => {
      if (logged.includes(method)) calls.push(describeRequest(method, request as ReadRequest));
      send(request, done);
    };
  };
  const methods = Object.keys(ResourceProviderService).filter((method) => method !== "list") as Method[];
  const server = new grpc.Server();
  server.addService(
    ResourceProviderService,
    Object.fromEntries(methods.map((method) => [method, passOn(method)])),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    env: { PULUMI_DEBUG_PROVIDERS: `alicloud-secondary-ips:${port}` },
    take: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    stop: async () => {
      server.forceShutdown();
      client.close();
      await plugin.stop();
    },
  };
}

/** A call of the provider. */
type Call = readonly [method: string, ...args: unknown[]];

/** A call as text: its method, its resource, and for check whether it has old inputs. */
interface DescribedCall {
  readonly name: string;
  readonly text: string;
}

function nameIn(properties: unknown): string {
  return (properties as { __internal: { name: string } }).__internal.name;
}

function describeCall([method, ...args]: Call): DescribedCall {
  if (method === "check") {
    const [olds, news] = args;
    const isFirst = Object.keys(olds as object).filter((key) => key !== "__provider").length === 0;
    return { name: nameIn(news), text: isFirst ? "check without olds" : "check" };
  }
  const text = method === "create" ? method : `${method} ${String(args[0])}`;
  return { name: nameIn(args.at(-1)), text };
}

function describeRequest(method: Method, request: ReadRequest): DescribedCall {
  const name = request.getUrn().replace(/.*::/, "");
  if (method === "check") {
    const olds = (request as unknown as CheckRequest).getOlds()?.toJavaScript() ?? {};
    return { name, text: Object.keys(olds).length === 0 ? "check without olds" : "check" };
  }
  return { name, text: method === "create" ? method : `${method} ${request.getId()}` };
}

/** The calls for each resource in their order, and whose deletes came after all other calls. */
function summaryOf(described: readonly DescribedCall[]) {
  const lastOther = described.findLastIndex(({ text }) => !text.startsWith("delete"));
  const byName: Record<string, string[]> = {};
  for (const { name, text } of described) (byName[name] ??= []).push(text);
  const deletedLast = described.slice(lastOther + 1).map(({ name }) => name);
  const ordered = Object.entries(byName).map(([name, texts]) => [name, withoutRaces(texts)]);
  return { byName: Object.fromEntries(ordered) as unknown, deletedLast: deletedLast.sort() };
}

/** A refresh and a destroy handle the new and the old resource of a replacement, which share one name, side by side. */
function withoutRaces(texts: readonly string[]): string[] {
  const others = texts.findIndex((text) => !/^(read|diff) /.test(text));
  const start = others === -1 ? texts.length : others;
  const end = texts.findLastIndex((text) => !text.startsWith("delete ")) + 1;
  const middle = Math.max(start, end);
  return [...texts.slice(0, start).sort(), ...texts.slice(start, middle), ...texts.slice(middle).sort()];
}

async function callsOfEngine(command: Command): Promise<DescribedCall[]> {
  const { program, destroys, refreshes, continueOnError, targets } = command;
  project.declare(...program);
  await project.run(
    ...[destroys === true ? "destroy" : "up", "--yes", "--skip-preview"],
    ...(refreshes === true ? ["--refresh"] : []),
    ...(continueOnError === true ? ["--continue-on-error"] : []),
    ...(targets ?? []).flatMap((name) => ["--target", `**::${name}`]),
  );
  return log.take();
}

async function callsOfModel(command: Command): Promise<DescribedCall[]> {
  const { program, destroys, refreshes, continueOnError, targets: names } = command;
  const calls: Call[] = [];
  const Host = adaptorOfSuite === "native" ? PluginHost : InProcessHost;
  const host = await Host.start({ env: { ...environmentFor(onModel), ...pace } });
  const engine = new EngineModel(
    logging(host, calls),
    state,
    () => undefined,
    () => false,
  );
  const registrations = program.map(({ name, args, opts }): Registration => ({
    name,
    inputs: { ...args, __internal: { name } },
    retained: opts?.retainOnDelete === true,
  }));
  const targets = names && new Set(names);
  const renames = program.flatMap(({ name, opts }) => {
    const [alias] = (opts?.aliases ?? []) as { name: string }[];
    return alias !== undefined && state.has(alias.name) ? [[alias.name, name] as const] : [];
  });
  const flags = { order: "interleaved", continueOnError: continueOnError === true, targets } as const;
  if (refreshes !== true || (await engine.refresh())) {
    for (const [from, to] of renames) rename(state, from, to, host);
    await (destroys === true ? engine.destroy(flags) : engine.up(registrations, flags));
  }
  await host.stop();
  return calls.map(describeCall);
}

/** The number of arguments of a dynamic provider's methods. The model passes more, for a plugin. */
const argumentCounts: Readonly<Record<string, number>> = { check: 2, create: 1, delete: 2, read: 2 };

/** A host that logs the model's calls with the arguments that the engine's calls have. */
function logging(host: ProviderHost, calls: Call[]): ProviderHost {
  return new Proxy(host, {
    get: (target, method: string): unknown => {
      const call: unknown = Reflect.get(target, method);
      return (...args: unknown[]) => {
        const logged = args.slice(0, argumentCounts[method] ?? 3);
        calls.push([method, ...(method === "check" ? logged.toReversed() : logged)]);
        return Reflect.apply(call as (...all: unknown[]) => unknown, target, args);
      };
    },
  });
}

async function expectSameCalls(...commands: Command[]): Promise<void> {
  for (const [index, command] of commands.entries()) {
    for (const { control } of [onEngine, onModel]) {
      control.clearFaults();
      const error = { status: 403, code: "Forbidden.RAM", message: "User not authorized." };
      // If the first call succeeds, the failure has a partial result.
      const skip = command.refusesAssign === "later" ? 1 : 0;
      if (command.refusesAssign !== undefined)
        control.addFault({ action: "AssignPrivateIpAddresses", skip, times: 100, effect: { error } });
    }
    const expected = summaryOf(await callsOfEngine(command));
    const modelled = summaryOf(await callsOfModel(command));
    expect({ command: index + 1, ...modelled }).toEqual({ command: index + 1, ...expected });
  }
}

function list(
  name: string,
  networkInterfaceId: string,
  privateIpAddresses: readonly string[],
  { opts = {}, ...args }: { opts?: Record<string, unknown> } & Record<string, unknown> = {},
): Declaration {
  return { name, args: { networkInterfaceId, privateIpAddresses, ...args }, opts };
}

const some = ["10.0.1.20", "10.0.1.21"];
const others = ["10.0.1.30", "10.0.1.31"];
const many = Array.from({ length: 14 }, (_unused, index) => `10.0.1.${40 + index}`);

test("create, update, no change, refresh and delete", async () => {
  await expectSameCalls(
    { program: [list("a", eniId, some), list("b", otherEniId, others)] },
    { program: [list("a", eniId, ["10.0.1.20"]), list("b", otherEniId, others)] },
    { program: [list("a", eniId, ["10.0.1.20"])], refreshes: true },
    { program: [] },
  );
});

test("replacement: the new ENI wants other addresses, or the same", async () => {
  await expectSameCalls(
    { program: [list("a", eniId, some)] },
    { program: [list("a", otherEniId, others)] },
    { program: [list("a", eniId, others)] },
  );
});

test("replacement: the create of the new resource fails, with and without a partial result", async () => {
  await expectSameCalls(
    { program: [list("a", eniId, some)] },
    { program: [list("a", otherEniId, many)], refusesAssign: "later" },
    { program: [list("a", otherEniId, many)], refreshes: true },
    { program: [list("a", third, ["10.0.1.255"])] },
    { program: [list("a", third, some)] },
  );
});

test("replacement that deletes first: the create fails, and the next runs revert, move on, or drop the resource", async () => {
  const before = { program: [list("a", eniId, some)] };
  const failing = { program: [list("a", otherEniId, some)], refusesAssign: "always" } as const;
  await expectSameCalls(
    before,
    failing,
    before,
    failing,
    { program: [list("a", third, some)], refreshes: true },
    failing,
    { program: [] },
  );
});

test("rename with an alias: without a change, with one after a refresh, and the removal", async () => {
  const renamed = { opts: { aliases: [{ name: "a" }] } };
  await expectSameCalls(
    { program: [list("a", eniId, some)] },
    { program: [list("b", eniId, some, renamed)] },
    { program: [list("c", eniId, others, { opts: { aliases: [{ name: "b" }] } })], refreshes: true },
    { program: [] },
  );
});

test("index shift: each resource moves to the ENI of the next one", async () => {
  await expectSameCalls(
    { program: [list("ips-0", eniId, some), list("ips-1", otherEniId, others)] },
    { program: [list("ips-0", third, []), list("ips-1", eniId, some), list("ips-2", otherEniId, others)] },
  );
});

test("--target: resources outside the target get no call", async () => {
  await expectSameCalls(
    { program: [list("a", eniId, some), list("b", otherEniId, others)] },
    { program: [list("a", eniId, []), list("c", third, [])], targets: ["a"] },
    { program: [list("a", eniId, []), list("c", third, [])], targets: ["b"] },
    { program: [list("a", eniId, []), list("c", third, [])] },
  );
});

test("destroy: with --target, with --refresh, and of a replacement that was not completed", async () => {
  const retained = { opts: { retainOnDelete: true } };
  const program = [list("a", eniId, some), list("b", otherEniId, others), list("c", third, [], retained)];
  await expectSameCalls(
    { program },
    { program, destroys: true, targets: ["b"] },
    { program: [list("a", otherEniId, many)], refusesAssign: "later" },
    { program, destroys: true, refreshes: true },
  );
});

test("--continue-on-error: deletes follow a failed create", async () => {
  const program = [list("a", eniId, many), list("b", otherEniId, others)];
  await expectSameCalls(
    { program: [list("b", otherEniId, others), list("gone", third, some)] },
    { program, refusesAssign: "later" },
    { program, refusesAssign: "later", continueOnError: true },
  );
});

test("retainOnDelete: delete and replacement, also when the option changes in the same run", async () => {
  const retained = { opts: { retainOnDelete: true } };
  await expectSameCalls(
    { program: [list("a", eniId, some, retained), list("b", otherEniId, others, retained)] },
    { program: [list("a", third, [], retained)] },
    { program: [list("a", eniId, some)] },
    { program: [list("a", third, [], retained)] },
    { program: [] },
  );
});
