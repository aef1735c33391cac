import { EniSecondaryIpsProvider } from "../../provider/src/dynamic/dynamic-provider";
import { EngineLiveness } from "../../provider/src/runtime/engine-liveness";
import { claimsToldTo, removeClaimsToldTo } from "../../provider/src/runtime/program-claims";
import { packageVersion } from "../../provider/src/runtime/runtime";
import { DynamicProviderService, RequestFailure } from "./dynamic-provider-service";
import { EnginePort } from "./engine-port";
import { DynamicHost, type Protocol } from "./dynamic-host";
import { RecordedFailure, type HostOptions } from "./provider-host";

/** Options of a host in this process. */
interface InProcessOptions extends HostOptions {
  /** The folder in which the program tells its claims. Absent: the program tells nothing. */
  readonly claimsFolder?: string | undefined;
}

/**
 * Runs the provider's sources in this process. A host is one command: it creates its own provider, without the memory of
 * an earlier one. Values pass through protobuf's Struct in both directions, as over gRPC.
 *
 * Tests of the process itself use {@link ProviderProcess}: environment, home, arguments, exit, built package.
 */
export class InProcessHost extends DynamicHost {
  private readonly lines: string[] = [];
  private readonly service: DynamicProviderService;
  private readonly underWay = new Set<Promise<unknown>>();
  /** The address of the engine, which program and provider share. */
  readonly engineAddress: string;
  private readonly claimsFolder: string | undefined;
  private abandonRequests: () => void = () => undefined;
  private readonly abandoned = new Promise<never>((_resolve, reject) => {
    this.abandonRequests = () => {
      reject(new Error("the host was killed"));
    };
  });

  private constructor(
    private readonly engine: EnginePort,
    { env = {}, engineFlags = [], claimsFolder, onLine }: InProcessOptions,
  ) {
    super();
    this.engineAddress = engine.address;
    this.claimsFolder = claimsFolder;
    const print = (text: string) => {
      const lines = text.split("\n");
      this.lines.push(...lines);
      if (onLine !== undefined) lines.forEach(onLine);
    };
    const liveness = new EngineLiveness([...engineFlags, engine.address]);
    const userAgent = `pulumi-alicloud-secondary-ips/${packageVersion}`;
    this.abandoned.catch(() => undefined);
    const told = claimsFolder === undefined ? undefined : claimsToldTo(engine.address, claimsFolder);
    const surroundings = { env, liveness, announce: print, random: Math.random, userAgent };
    this.service = new DynamicProviderService(
      () => new EniSecondaryIpsProvider({ ...surroundings, ...(told && { told }) }),
      print,
    );
  }

  static async start({ config = {}, ...options }: InProcessOptions = {}): Promise<InProcessHost> {
    const host = await InProcessHost.startUnconfigured(options);
    await host.configure(config);
    return host;
  }

  /** A host before the engine's first request. */
  static async startUnconfigured(options: Omit<InProcessOptions, "config"> = {}): Promise<InProcessHost> {
    return new InProcessHost(await EnginePort.open(), options);
  }

  override async killEngine(): Promise<void> {
    await this.engine.close();
  }

  /**
   * Fails the requests under way and drops their answers, as when a process is killed. The provider continues to run:
   * disconnect it from the cloud first.
   */
  async abandon(): Promise<void> {
    this.abandonRequests();
    await this.engine.close();
  }

  /** Waits for the requests under way. A real process would end them: tests of this use {@link ProviderProcess}. */
  override async stop(): Promise<void> {
    await this.engine.close();
    await Promise.allSettled(this.underWay);
    if (this.claimsFolder !== undefined) removeClaimsToldTo(this.engineAddress, this.claimsFolder);
  }

  override async printed(): Promise<readonly string[]> {
    await this.stop();
    return this.lines;
  }

  protected override async ask<M extends keyof Protocol>(
    method: M,
    request: Protocol[M]["request"],
  ): Promise<Protocol[M]["answer"]> {
    const answering = this.service.methods[method](request);
    this.underWay.add(answering);
    const forget = () => this.underWay.delete(answering);
    answering.then(forget, forget);
    try {
      return await Promise.race([answering, this.abandoned]);
    } catch (error) {
      if (!(error instanceof RequestFailure)) throw error;
      const { message, partialResult } = error;
      throw partialResult ? RecordedFailure.from(partialResult) : new Error(message);
    }
  }
}
