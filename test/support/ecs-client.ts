import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Credentials, type CredentialSource } from "../../provider/src/ecs-client/credentials";
import { parseEndpoint } from "../../provider/src/ecs-client/endpoints";
import { OpenApiEcs } from "../../provider/src/ecs-client/openapi-ecs";
import { EcsError } from "../../provider/src/ecs/ecs-error";
import { Deadline } from "../../provider/src/shared/deadline";
import { pacingTimes, type Pacing } from "../../provider/src/shared/retry";
import { region } from "./eni-world";

/** Options that differ from the tests' default client. */
export interface EcsOptions {
  readonly vpcUrl?: string;
  readonly source?: CredentialSource;
  readonly pacing?: Partial<Pacing>;
  readonly random?: () => number;
}

export const staticKeys = {
  kind: "static",
  accessKeyId: "test",
  accessKeySecret: "test",
  securityToken: undefined,
  origin: { place: "the test", inState: false },
} satisfies CredentialSource;

/** The provider's own client. Its waits are a hundredth of the usual ones. */
export function ecsAt(url: string, { vpcUrl = url, source = staticKeys, ...rest }: EcsOptions = {}) {
  return new OpenApiEcs({
    region,
    endpoints: {
      ecs: parseEndpoint(url, "the test"),
      vpc: parseEndpoint(vpcUrl, "the test"),
      sts: parseEndpoint(url, "the test"),
    },
    credentials: new Credentials(source),
    // Generous, because the machine may be busy. Tests of time-outs set their own.
    pacing: {
      ...pacingTimes(0.01),
      callMs: 20_000,
      unreachableMs: 60_000,
      unreadableMs: 60_000,
      ...rest.pacing,
    },
    random: rest.random ?? Math.random,
    userAgent: "contract-tests",
  });
}

/** Options of a call with a generous deadline. */
export const patient = () => ({ deadline: Deadline.after(20_000) });

/** Options of a write with a generous deadline and a live engine. */
export const writing = () => ({ ...patient(), beforeSending: () => Promise.resolve() });

/** The content of a write: one address. */
export const oneAddress = { kind: "address", addresses: ["10.0.1.20"] } as const;

/** Returns the error of a call that must fail. */
export async function failureOf(call: Promise<unknown>): Promise<EcsError> {
  try {
    await call;
  } catch (failure) {
    if (failure instanceof EcsError) return failure;
    throw failure;
  }
  throw new Error("the call succeeded");
}

/** An empty answer of DescribeNetworkInterfaces. */
export const emptyPage = JSON.stringify({ NetworkInterfaceSets: { NetworkInterfaceSet: [] } });

/** An HTTP server that sends the test's answers. It implements no API. */
export class ScriptedServer {
  /** The requested actions, in order. A request without an action is listed by its path. */
  readonly asked: string[] = [];

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  static async start(
    answer: (response: ServerResponse, request: IncomingMessage, nth: number) => void,
  ): Promise<ScriptedServer> {
    const server = createServer((request, response) => {
      const action = request.headers["x-acs-action"];
      scripted.asked.push(typeof action === "string" ? action : (request.url ?? ""));
      request.resume();
      answer(response, request, scripted.asked.length);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const scripted = new ScriptedServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return scripted;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }
}

/** Returns the URL of a port that refuses connections. */
export async function closedUrl(): Promise<string> {
  const server = await ScriptedServer.start(() => undefined);
  await server.stop();
  return server.url;
}

/** Waits until the condition holds. Only the test's own time-out ends the wait. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
