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

  /** The region of an operation of VPC that can do without. */
  optionalRegion(): string | undefined {
    return this.text("RegionId") === undefined ? undefined : this.region();
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
    const count = this.#count(name, max);
    return Array.from({ length: count }, (_, index) => this.raw[`${name}.${index + 1}`] ?? "");
  }

  /** A list of objects: `Tag.1.Key`, `Tag.1.Value` …; a field that is absent or empty is undefined. */
  objects<Field extends string>(
    name: string,
    fields: readonly Field[],
    max: number,
  ): Partial<Record<Field, string>>[] {
    const count = this.#count(name, max);
    return Array.from({ length: count }, (_, index) => {
      const object: Partial<Record<Field, string>> = {};
      for (const field of fields) {
        const value = this.raw[`${name}.${index + 1}.${field}`];
        if (value !== undefined && value !== "") object[field] = value;
      }
      return object;
    });
  }

  /** The tags of a call: `Tag.1.Key`, `Tag.1.Value` … */
  tags(max = 20): { Key: string; Value: string | undefined }[] {
    return this.objects("Tag", ["Key", "Value"], max).map(({ Key, Value }, index) => {
      if (Key === undefined) throw missingParameter(`Tag.${index + 1}.Key`, this.missingStatus);
      return { Key, Value };
    });
  }

  /**
   * How many elements a list has. No documentation says what the gateway makes of an index that is no number, or of a
   * list with a hole: they are refused here, for a client that writes them means something else than it says.
   */
  #count(name: string, max: number): number {
    const prefix = `${name}.`;
    const indices = new Set<number>();
    for (const key of Object.keys(this.raw)) {
      if (!key.startsWith(prefix)) continue;
      const index = key.slice(prefix.length).split(".", 1)[0] ?? "";
      if (!/^[1-9]\d{0,8}$/.test(index))
        throw invalidParameter(`${name}.N`, `the index of ${key} is not a whole number from 1`);
      indices.add(Number(index));
    }
    let last = 0;
    for (const index of indices) last = Math.max(last, index);
    if (indices.size > max)
      throw invalidParameter(`${name}.N`, `${indices.size} were given, at most ${max} are allowed`);
    if (last !== indices.size)
      throw invalidParameter(`${name}.N`, `${name}.${last} was given, but not all of those before it`);
    return last;
  }
}
