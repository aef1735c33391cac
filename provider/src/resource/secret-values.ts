import { isIpv4Address, isIpv4Prefix } from "../shared/addresses";
import type { HiddenInputs } from "./hidden-inputs";

const nouns = {
  address: (count: number) => `${count} secret address${count === 1 ? "" : "es"}`,
  prefix: (count: number) => `${count} secret prefix${count === 1 ? "" : "es"}`,
  other: () => "[secret]",
} as const;

type Kind = keyof typeof nouns;

/**
 * The addresses, prefixes and ids that this process has seen in secret inputs and outputs. The resources of a program share
 * them: an address that is secret in one of them can appear in a message or an output of another one.
 * @internal
 */
export class SecretValues {
  private readonly values = new Map<string, Kind>();

  /** Remembers the values of these properties: of inputs, or of a state. */
  learn(properties: Readonly<Record<string, unknown>>, names: readonly string[]): void {
    for (const name of names) {
      // The other inputs have no values that a message could be searched for.
      const value = properties[name];
      const isId = name === "networkInterfaceId" || name === "region";
      for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (typeof one !== "string") continue;
        if (isIpv4Address(one)) this.values.set(one, "address");
        else if (isIpv4Prefix(one)) this.values.set(one, "prefix");
        else if (isId && one !== "") this.values.set(one, "other");
      }
    }
  }

  has(value: string): boolean {
    return this.values.has(value);
  }

  /** The text with the number of secret values in place of the values. */
  mask(text: string): string {
    return (Object.keys(nouns) as Kind[]).reduce((masked, kind) => {
      const values = [...this.values]
        .filter(([, one]) => one === kind)
        .map(([value]) => value.replaceAll(".", "\\."));
      if (values.length === 0) return masked;
      const one = `(?<![0-9A-Za-z]|[0-9]\\.)"?(?:${values.join("|")})"?(?![0-9A-Za-z]|\\.[0-9])`;
      const list = new RegExp(`${one}(?:, ?${one})*`, "g");
      return masked.replace(list, (found) => nouns[kind](found.split(",").length));
    }, text);
  }
}

/** The names of the properties in a state that hold secret values. @internal */
export function secretNames({ secretInputs = [], secretOutputs = [] }: HiddenInputs): readonly string[] {
  return [...secretInputs, ...secretOutputs];
}
