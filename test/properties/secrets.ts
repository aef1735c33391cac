import { isSecret, type Properties } from "../support/provider-host";
import type { Answer } from "./engine";
import { listIn } from "./properties";

const lists = ["privateIpAddresses", "ipv4Prefixes", "unassignOnCreate", "unmanagedPrivateIpAddresses"];
const anyAddress = /\d+\.\d+\.\d+\.\d+/;

/**
 * Judges one command: no message and no output in plain text contains an address that the provider's process has got as a
 * secret by then. A resource's outputs may contain what its own inputs list in plain text.
 */
export class SecretsJudge {
  readonly violations: string[] = [];
  /** Since when the provider knows each secret address. */
  private readonly knownSinceMs = new Map<string, number>();

  constructor(private readonly acceptsSecrets: boolean) {}

  /** The provider gets these properties. */
  learn(properties: readonly Properties[]): void {
    for (const address of properties.flatMap((one) => this.secretAddresses(one)))
      if (!this.knownSinceMs.has(address)) this.knownSinceMs.set(address, Date.now());
  }

  judgeText(where: string, text: string, secrets: Iterable<string> = this.knownSinceMs.keys()): void {
    const revealed = [...secrets].filter((secret) => contains(text, secret));
    if (revealed.length > 0) this.violations.push(`${where}: ${revealed.join(", ")} is secret: ${text}`);
  }

  judge({ name, operation, outcome, before, inputs, answered, message, atMs, tookMs }: Answer): void {
    if (outcome === "killed") return;
    const where = `${name}: ${operation}`;
    // An operation may have read the ENI before the provider gets the secret of another resource.
    const known = [...this.knownSinceMs].flatMap(([one, sinceMs]) => (sinceMs <= atMs - tookMs ? [one] : []));
    this.judgeText(where, message, known);
    if (outcome === "refused") this.judgeRefusal(where, inputs, message);
    const plainIn = (source: Properties, key: string) => (isSecret(source[key]) ? [] : listIn(source, key));
    const recorded = operation === "read" ? (before?.outputs ?? {}) : {};
    for (const [index, properties] of answered.entries()) {
      const { __internal, __recorded, __provider, __inputs, ...visible } = properties;
      const hidden = JSON.stringify([__internal, __recorded]);
      if (anyAddress.test(hidden)) this.violations.push(`${where}: the hidden key has an address: ${hidden}`);
      // A read answers with outputs and inputs. After a failed update, they list different addresses in the state, and only one
      // of both may be secret there.
      const source = operation === "read" && index === 0 ? recorded : inputs;
      const plain = lists.flatMap((key) => plainIn(source, key));
      for (const [key, value] of Object.entries(visible).filter(([, one]) => !isSecret(one))) {
        // What the state shows in an output, the input of the same name may show.
        const shown = isSecret(inputs[key]) ? [] : plainIn(recorded, key);
        const text = JSON.stringify({ [key]: value });
        const allowed = [...plain, ...shown];
        const revealed = known.filter((one) => !allowed.includes(one) && contains(text, one));
        if (revealed.length > 0)
          this.violations.push(`${where}: ${revealed.join(", ")} is secret, and in plain text in ${text}`);
      }
    }
  }

  /** The engine prints the value of a property that a refusal names. */
  private judgeRefusal(where: string, inputs: Properties, message: string): void {
    const named = Object.keys(inputs).filter(
      (key) => isSecret(inputs[key]) && new RegExp(`^${key}: `, "m").test(message),
    );
    if (named.length > 0)
      this.violations.push(`${where}: the refusal names the secret input ${named.join(", ")}`);
  }

  /**
   * The addresses in the properties that the provider gets as secret. A dynamic provider knows those that the hidden key names.
   * The engine may keep more of its state secret: it goes by the name of a property, and not by the values.
   */
  private secretAddresses(properties: Properties): string[] {
    const { secretInputs = [], secretOutputs = [] } = (properties.__internal ?? {}) as Partial<
      Record<"secretInputs" | "secretOutputs", readonly string[]>
    >;
    const named = this.acceptsSecrets ? lists : [...secretInputs, ...secretOutputs];
    return lists.flatMap((key) =>
      named.includes(key) && isSecret(properties[key]) ? listIn(properties, key) : [],
    );
  }
}

/** Whether the text has the address or the prefix itself, and not as a part of a longer one. */
function contains(text: string, address: string): boolean {
  for (let at = text.indexOf(address); at !== -1; at = text.indexOf(address, at + 1)) {
    const before = text[at - 1] ?? " ";
    const after = text.slice(at + address.length, at + address.length + 2);
    if (!/[0-9.]/.test(before) && !/^(?:[0-9/]|\.[0-9])/.test(after)) return true;
  }
  return false;
}
