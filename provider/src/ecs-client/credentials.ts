import { CredentialsError } from "../ecs/ecs-error";
import { within, type Deadline } from "../shared/deadline";
import { CLIProfileCredentialsProvider, Credential } from "./alicloud-sdk";
import { reasonWithoutSecrets } from "./credentials-reason";
import type { Keys } from "./signed-request";

/** Where a setting comes from. @internal */
export interface Origin {
  /** The place, for messages: `the stack configuration`. */
  readonly place: string;
  /** Whether the state keeps the setting, so that refresh and destroy use the one of the last `pulumi up`. */
  readonly inState: boolean;
}

/** The source of the keys. @internal */
export type CredentialSource =
  | (Keys & { readonly kind: "static"; readonly origin: Origin })
  /** A profile of the aliyun command line, from `~/.aliyun/config.json`. */
  | { readonly kind: "profile"; readonly name: string; readonly origin: Origin }
  /** The official chain: https://github.com/aliyun/credentials-nodejs#credential-provider-chain */
  | { readonly kind: "chain" };

/** A key of any source: HTTP headers carry nothing else, and no key has a space in it. */
const sendable = /^[\x21-\x7e]+$/;

/**
 * Obtains the keys before each request, and renews temporary ones. The SDK's chain fails if several calls use it before its
 * first success, therefore simultaneous calls share one use. After a failure the chain keeps failing, therefore the next use
 * makes a new one.
 *
 * A failure is not repeated: the package renews keys a quarter of an hour before they expire, and uses the old ones meanwhile.
 * @internal
 */
export class Credentials {
  private credential: Credential | undefined;
  private underWay: Promise<Keys> | undefined;
  /** Every secret that was ever in use: an answer may quote an earlier one. */
  private readonly secrets = new Set<string>();

  /** @param namespace - the namespace of the stack's settings, for messages */
  constructor(
    private readonly source: CredentialSource,
    private readonly namespace = "alicloud",
  ) {}

  /** @throws CredentialsError */
  async obtain(deadline: Deadline): Promise<Keys> {
    this.underWay ??= this.ask().finally(() => {
      this.underWay = undefined;
    });
    const late = () => this.failure(`no answer within ${Math.round(deadline.totalMs / 1000)} s`);
    return within(deadline, late, this.underWay);
  }

  /**
   * Obtains other keys after the API has refused these as expired: the package keeps expired keys when it cannot renew them,
   * and hides the reason.
   *
   * @returns `undefined` if the source has no other keys
   * @throws CredentialsError
   */
  async renew(expired: Keys, deadline: Deadline): Promise<Keys | undefined> {
    if (this.source.kind === "static") return undefined;
    this.credential = undefined;
    const renewed = await this.obtain(deadline);
    return renewed.securityToken === expired.securityToken ? undefined : renewed;
  }

  /** The text without any secret that was ever in use. */
  mask(text: string): string {
    let masked = text;
    for (const secret of this.secrets) masked = masked.replaceAll(secret, "[secret]");
    return masked;
  }

  /** Where the keys come from, and which of them a command uses. For a message about keys that the API refuses. */
  describeOrigin(): string {
    if (this.source.kind === "chain") return "the keys come from the official credential chain";
    const { kind, origin } = this.source;
    const what = kind === "static" ? "the keys" : `the keys of profile "${this.source.name}"`;
    const kept = kind === "static" ? "the keys" : "the profile";
    const inState =
      `; \`pulumi refresh\` and \`pulumi destroy\` use ${kept} of the last \`pulumi up\`, which the state keeps: after ` +
      `a change, run them with --run-program`;
    return `${what} come from ${origin.place}${origin.inState ? inState : ""}`;
  }

  private async ask(): Promise<Keys> {
    const { source } = this;
    const keys = source.kind === "static" ? source : await this.askPackage(source);
    for (const secret of [keys.accessKeySecret, keys.securityToken ?? ""].filter((one) => one !== "")) {
      // A signed string quotes a token as a part of a URL.
      const encoded = encodeURIComponent(secret);
      for (const form of [secret, encoded, encodeURIComponent(encoded)]) this.secrets.add(form);
    }
    return keys;
  }

  private async askPackage(source: CredentialSource): Promise<Keys> {
    try {
      this.credential ??= createCredential(source);
      const found = await this.credential.getCredential();
      const key = (name: string, value: string | undefined) => {
        const trimmed = value?.trim() ?? "";
        if (trimmed !== "" && !sendable.test(trimmed))
          throw new Error(`the ${name} contains a space, a line break or another character that no key has`);
        return trimmed;
      };
      const accessKeyId = key("AccessKey id", found.accessKeyId);
      const accessKeySecret = key("AccessKey secret", found.accessKeySecret);
      const securityToken = key("security token", found.securityToken) || undefined;
      if (accessKeyId === "" || accessKeySecret === "") throw new Error("the keys found are empty");
      return { accessKeyId, accessKeySecret, securityToken };
    } catch (error) {
      this.credential = undefined;
      throw this.failure(this.mask(reasonWithoutSecrets(error)));
    }
  }

  private failure(reason: string): CredentialsError {
    const { source, namespace } = this;
    if (source.kind === "profile") {
      const { name } = source;
      return new CredentialsError(
        `profile "${name}" of the aliyun command line gives no credentials: ${reason}; check that it is in ` +
          `~/.aliyun/config.json, and that \`aliyun sts GetCallerIdentity --profile ${name}\` works`,
      );
    }
    return new CredentialsError(
      "no Alibaba Cloud credentials found; set ALICLOUD_ACCESS_KEY and ALICLOUD_SECRET_KEY, or ALICLOUD_PROFILE, or " +
        `${namespace}:profile in the stack's configuration, or any source of the official credential chain, which says: ` +
        reason,
    );
  }
}

function createCredential(source: CredentialSource): Credential {
  if (source.kind !== "profile") return new Credential();
  return new Credential(null, CLIProfileCredentialsProvider.builder().withProfileName(source.name).build());
}
