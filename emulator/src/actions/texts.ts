import { invalidParameter, malformedNetworkText } from "../api-errors";
import type { Parameters } from "../wire/parameters";

/**
 * The name of an ECS resource: 2 to 128 characters that begin with a letter of any script, then letters, digits and
 * `: _ . -`. The documentation gives no code for a name that is none.
 */
export function resourceName(parameters: Parameters, name: string): string | undefined {
  const text = parameters.text(name);
  if (text !== undefined && !/^\p{L}[\p{L}\p{N}:_.-]{1,127}$/u.test(text))
    throw invalidParameter(
      name,
      "it must begin with a letter, and have 2 to 128 letters, digits, colons, underscores, periods and hyphens",
    );
  return text;
}

/** The description of an ECS resource: 2 to 256 characters that are no address of a page. */
export function resourceDescription(parameters: Parameters, name = "Description"): string | undefined {
  const text = parameters.text(name);
  if (text !== undefined && (lengthOf(text) < 2 || lengthOf(text) > 256 || isPage(text)))
    throw invalidParameter(name, "it must have 2 to 256 characters and not begin with http:// or https://");
  return text;
}

/** The name and the description of a VPC or a vSwitch that is made: up to 128 and 256 characters. */
export function networkTexts(
  parameters: Parameters,
  what: "Vpc" | "VSwitch",
): { name: string; description: string } {
  const { name = "", description = "" } = changedNetworkTexts(parameters, what);
  return { name, description };
}

/** The same where they are changed; undefined where a call does not name them. */
export function changedNetworkTexts(parameters: Parameters, what: "Vpc" | "VSwitch"): ChangedTexts {
  const name = parameters.text(`${what}Name`);
  if (isTooLong(name, 128)) throw malformedNetworkText(what, "Name");
  const description = parameters.text("Description");
  if (isTooLong(description, 256)) throw malformedNetworkText(what, "Discription");
  return { name, description };
}

/** The name and the description of an EIP. */
export function eipTexts(parameters: Parameters): ChangedTexts {
  const name = parameters.text("Name");
  if (isTooLong(name, 128))
    throw invalidParameter("Name", "it must have 1 to 128 characters and not begin with http:// or https://");
  const description = parameters.text("Description");
  if (isTooLong(description, 256))
    throw invalidParameter(
      "Description",
      "it must have 1 to 256 characters and not begin with http:// or https://",
    );
  return { name, description };
}

interface ChangedTexts {
  readonly name: string | undefined;
  readonly description: string | undefined;
}

function isTooLong(text: string | undefined, max: number): boolean {
  return text !== undefined && (lengthOf(text) > max || isPage(text));
}

/** In characters, of which some are two units of a JavaScript string. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

function isPage(text: string): boolean {
  return /^https?:\/\//.test(text);
}
