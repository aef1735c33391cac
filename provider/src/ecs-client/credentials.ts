import Credential, { CLIProfileCredentialsProvider } from "@alicloud/credentials";
import { EcsError } from "../ecs/ecs-error";

/** The source of the keys. @internal */
export type CredentialSource =
  | {
      readonly kind: "static";
      readonly accessKeyId: string;
      readonly accessKeySecret: string;
      readonly securityToken: string | undefined;
    }
  /** A profile of the aliyun command line, from `~/.aliyun/config.json`. */
  | { readonly kind: "profile"; readonly name: string }
  /** The official chain: https://github.com/aliyun/credentials-nodejs#credential-provider-chain */
  | { readonly kind: "chain" };

/** Keys that exist, and the parts of them that no message may contain. @internal */
export interface UsableCredential {
  readonly credential: Credential;
  readonly secrets: readonly string[];
}

/**
 * Finds the keys once for all calls. The SDK's chain fails if several calls use it before its first success, therefore they
 * share the first use. After a failure the chain keeps failing, therefore the next use makes a new one.
 * @internal
 */
export class Credentials {
  private usable: Promise<UsableCredential> | undefined;

  constructor(private readonly source: CredentialSource) {}

  /** @throws EcsError with code MissingCredentials */
  async find(): Promise<UsableCredential> {
    this.usable ??= this.findOnce();
    try {
      return await this.usable;
    } catch (error) {
      this.usable = undefined;
      throw error;
    }
  }

  private async findOnce(): Promise<UsableCredential> {
    try {
      const credential = createCredential(this.source);
      const { accessKeyId, accessKeySecret, securityToken } = await credential.getCredential();
      if (!accessKeyId || !accessKeySecret) throw new Error("the keys found are empty");
      return {
        credential,
        secrets: [accessKeySecret, securityToken ?? ""].filter((secret) => secret !== ""),
      };
    } catch {
      throw missingCredentials(this.source);
    }
  }
}

function createCredential(source: CredentialSource): Credential {
  switch (source.kind) {
    case "static":
      return new Credential({
        type: source.securityToken === undefined ? "access_key" : "sts",
        accessKeyId: source.accessKeyId,
        accessKeySecret: source.accessKeySecret,
        ...(source.securityToken === undefined ? {} : { securityToken: source.securityToken }),
      } as ConstructorParameters<typeof Credential>[0]);
    case "profile":
      return new Credential(
        null,
        CLIProfileCredentialsProvider.builder().withProfileName(source.name).build(),
      );
    case "chain":
      return new Credential();
  }
}

/** Omits the cause: the errors of the credentials package may quote the file with the keys. */
function missingCredentials(source: CredentialSource): EcsError {
  const reason =
    source.kind === "profile"
      ? `profile "${source.name}" of the aliyun command line gives no credentials: check that it is in ` +
        `~/.aliyun/config.json, and that \`aliyun sts GetCallerIdentity --profile ${source.name}\` works`
      : "no Alibaba Cloud credentials found; set ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY, or alicloud:profile in " +
        "the stack's configuration, or any source of the official credential chain";
  return new EcsError({
    action: undefined,
    code: "MissingCredentials",
    httpStatus: undefined,
    requestId: undefined,
    verdict: "final",
    reason,
  });
}
