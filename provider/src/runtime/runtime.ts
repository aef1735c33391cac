import { Credentials, type CredentialSource } from "../ecs-client/credentials";
import { EndpointError } from "../ecs-client/endpoints";
import { OpenApiEcs } from "../ecs-client/openapi-ecs";
import { OperationError } from "../resource/operation-error";
import { BatchSize } from "../resource/context";
import type { Region, Regions } from "../resource/context";
import { EniReader } from "../ecs/eni-reader";
import { AccountReader, QuotaReader, VSwitchReader } from "../ecs/optional-facts";
import { pacingTimes } from "../shared/retry";
import {
  configuredBatchSize,
  configuredEndpoints,
  configuredMissingEniIsGone,
  configuredRegion,
  ConfigurationError,
  credentialSource,
  missingRegion,
  type ReadConfig,
} from "./configuration";

/** The version of this package. A bundler finds the file of a plain require. @internal */
// eslint-disable-next-line @typescript-eslint/no-require-imports
export const packageVersion = (require("../../package.json") as { version: string }).version;

/** What the entry point passes on. @internal */
export interface ProcessSurroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Shows a message to the user. */
  readonly announce: (message: string) => void;
  readonly random: () => number;
  readonly userAgent: string;
  /** The namespace of the settings in the configuration that @pulumi/alicloud has too. Default: `alicloud`. */
  readonly namespace?: string | undefined;
}

/**
 * A client and the readers for each region, made from the configuration at their first use. Wrong configuration fails the
 * operation that needs it, and is read again by the next one.
 * @internal
 */
export class Runtime implements Regions {
  private readonly regions = new Map<string, Region>();
  private readConfig: ReadConfig = () => undefined;

  constructor(private readonly surroundings: ProcessSurroundings) {}

  get missingRegion(): string {
    return missingRegion(this.surroundings.namespace);
  }

  /** Sets the stack configuration, or that of the explicit provider. */
  configure(readConfig: ReadConfig): void {
    this.readConfig = readConfig;
  }

  /** The configured region for resources without the input `region`; `undefined` without configuration. */
  defaultRegion(): string | undefined {
    const { env, namespace } = this.surroundings;
    return this.withConfiguration(() => configuredRegion(this.readConfig, env, namespace));
  }

  /**
   * The services of this region, or of the configured one.
   *
   * @throws OperationError for wrong configuration
   */
  region(named: string | undefined): Region {
    const name = named ?? this.defaultRegion();
    if (name === undefined) throw new OperationError(this.missingRegion);
    const region = this.regions.get(name) ?? this.withConfiguration(() => this.open(name));
    this.regions.set(name, region);
    return region;
  }

  private open(name: string): Region {
    const { env, random, announce, userAgent, namespace } = this.surroundings;
    const source: CredentialSource = credentialSource(this.readConfig, env, namespace);
    const pacing = pacingTimes(paceFactor(env));
    const ecs = new OpenApiEcs({
      region: name,
      endpoints: configuredEndpoints(this.readConfig, env, name, namespace),
      credentials: new Credentials(source, namespace),
      pacing,
      random,
      userAgent,
      namespace,
    });
    const reader = new EniReader(ecs, pacing);
    const batchSize = new BatchSize(configuredBatchSize(this.readConfig));
    const vSwitches = new VSwitchReader(ecs, announce);
    const quotas = new QuotaReader(ecs, announce);
    const account = new AccountReader(ecs, pacing.evidenceMs);
    const missingEniIsGone = configuredMissingEniIsGone(this.readConfig);
    return { name, ecs, reader, vSwitches, quotas, account, missingEniIsGone, batchSize, pacing, random };
  }

  private withConfiguration<T>(use: () => T): T {
    try {
      return use();
    } catch (error) {
      if (error instanceof ConfigurationError || error instanceof EndpointError) {
        throw new OperationError(error.message, { cause: error });
      }
      throw error;
    }
  }
}

/** Tests with many failures shorten every wait by this factor. */
function paceFactor(env: NodeJS.ProcessEnv): number {
  const factor = Number(env.ALICLOUD_SECONDARY_IPS_PACE ?? "1");
  return factor > 0 && factor <= 1 ? factor : 1;
}
