/**
 * How far the emulator goes with a parameter. `documented`: what its documentation says is what happens. `simplified`:
 * something happens, and the note says what differs. `ignored`: it is accepted, and has no effect. `refused`: a call
 * that has it gets `UnsupportedParameter`, where to ignore it would be to pretend.
 */
export type ConformanceStatus = "documented" | "simplified" | "ignored" | "refused";

/** What is declared of one or several parameters, which are named as in the documentation: `Tag.N.Key`. */
export interface Conformance {
  readonly names: readonly string[];
  readonly status: ConformanceStatus;
  readonly note?: string;
}

/** Does what its documentation says. */
export const documented = (...names: readonly string[]): Conformance => ({ names, status: "documented" });

/** Does something else, or less: the note says what. */
export const simplified = (name: string, note: string): Conformance => ({
  names: [name],
  status: "simplified",
  note,
});

/** Has no effect. */
export const ignored = (...names: readonly string[]): Conformance => ({ names, status: "ignored" });

/** Is refused in every call. */
export const refused = (...names: readonly string[]): Conformance => ({ names, status: "refused" });

/** The refused parameters that a call has: `Ipv6Prefix.N` is given as `Ipv6Prefix.1`. */
export function givenAndRefused(
  declared: readonly Conformance[],
  given: Readonly<Record<string, string>>,
): string[] {
  const stems = declared
    .filter(({ status }) => status === "refused")
    .flatMap(({ names }) => names.map((name) => name.replace(/\.N(?:\..*)?$/, "")));
  return Object.keys(given).filter(
    (name) => given[name] !== "" && stems.some((stem) => name === stem || name.startsWith(`${stem}.`)),
  );
}
