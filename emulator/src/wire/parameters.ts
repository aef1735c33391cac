import { invalidParameter, invalidRegionId, missingParameter } from "../api-errors";

/** Parameters as they came, query and form body merged. */
export type RawParameters = Readonly<Record<string, string>>;

/** Reads a call's parameters by name, and refuses what is malformed with the API's codes. */
export class Parameters {
  constructor(
    readonly raw: RawParameters,
    /** The status that the operation documents for MissingParameter. */
    readonly missingStatus: 400 | 403 = 400,
  ) {}

  /** A text, or undefined where it is absent or empty. */
  text(name: string): string | undefined {
    const value = this.raw[name];
    return value === "" ? undefined : value;
  }

  /** A text that must be there. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw missingParameter(name, this.missingStatus);
    return value;
  }

  /** The region, which nearly every operation needs. */
  region(): string {
    const region = this.requiredText("RegionId");
    if (!/^[a-z]{2}-[a-z0-9-]+$/.test(region)) throw invalidRegionId();
    return region;
  }

  /** A whole number within bounds. */
  integer(name: string, min: number, max: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = /^-?\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max))
      throw invalidParameter(name, `"${value}" is not a whole number from ${min} to ${max}`);
    return number;
  }

  /** `true` or `false`. */
  flag(name: string): boolean | undefined {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return undefined;
    if (value !== "true" && value !== "false")
      throw invalidParameter(name, `"${value}" is not true or false`);
    return value === "true";
  }

  /** One of some words. */
  choice<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw invalidParameter(name, `"${value}" is not one of ${words.join(", ")}`);
    return word;
  }

  /** A list on the wire: `Name.1`, `Name.2` …, in the order of the numbers. */
  list(name: string, max: number): string[] {
    const prefix = `${name}.`;
    const items: [number, string][] = [];
    for (const [key, value] of Object.entries(this.raw)) {
      if (!key.startsWith(prefix)) continue;
      const index = key.slice(prefix.length);
      if (/^[1-9]\d{0,5}$/.test(index)) items.push([Number(index), value]);
    }
    if (items.length > max)
      throw invalidParameter(`${name}.N`, `${items.length} were given, at most ${max} are allowed`);
    return items.sort(([a], [b]) => a - b).map(([, value]) => value);
  }

  /** A list of pairs: `Tag.1.Key`, `Tag.1.Value` … */
  tags(max = 20): { Key: string; Value: string | undefined }[] {
    const indices = new Set<number>();
    for (const key of Object.keys(this.raw)) {
      const index = /^Tag\.([1-9]\d{0,5})\.(?:Key|Value)$/.exec(key)?.[1];
      if (index !== undefined) indices.add(Number(index));
    }
    if (indices.size > max)
      throw invalidParameter("Tag.N", `${indices.size} were given, at most ${max} are allowed`);
    return [...indices]
      .sort((a, b) => a - b)
      .map((index) => ({
        Key: this.requiredText(`Tag.${index}.Key`),
        Value: this.text(`Tag.${index}.Value`),
      }));
  }
}
