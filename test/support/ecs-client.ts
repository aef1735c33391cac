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

/** What differs from a client of the tests. */
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
} satisfies CredentialSource;

/** The provider's own client, with waits that are a hundredth of the usual ones. */
export function ecsAt(url: string, { vpcUrl = url, source = staticKeys, ...rest }: EcsOptions = {}) {
  return new OpenApiEcs({
    region,
    endpoints: { ecs: parseEndpoint(url, "the test"), vpc: parseEndpoint(vpcUrl, "the test") },
    credentials: new Credentials(source),
    // A call may take its time: the machine may be busy, and only some tests are about time.
    pacing: { ...pacingTimes(0.01), callMs: 20_000, unreachableMs: 60_000, ...rest.pacing },
    random: rest.random ?? Math.random,
    userAgent: "contract-tests",
  });
}

/** The options of a call that has time enough. */
export const patient = () => ({ deadline: Deadline.after(20_000) });

/** The options of a write that has time enough, and an engine that lives. */
export const writing = () => ({ ...patient(), beforeSending: () => Promise.resolve() });

/** What a write may be about. */
export const oneAddress = { kind: "address", addresses: ["10.0.1.20"] } as const;

/** The error that the call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<EcsError> {
  try {
    await call;
  } catch (failure) {
    if (failure instanceof EcsError) return failure;
    throw failure;
  }
  throw new Error("the call succeeded");
}

/** The answer of DescribeNetworkInterfaces that lists nothing. */
export const emptyPage = JSON.stringify({ NetworkInterfaceSets: { NetworkInterfaceSet: [] } });

/** A server that answers as the test says, and speaks no API. */
export class ScriptedServer {
  /** The actions that were asked for, in order; a request that names none is listed by its path. */
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

/** The URL of a port that refuses connections. */
export async function closedUrl(): Promise<string> {
  const server = await ScriptedServer.start(() => undefined);
  await server.stop();
  return server.url;
}

/** Waits until the condition holds; the test's own time-out ends it. */
export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
