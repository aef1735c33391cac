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
  if (text !== undefined && (text.length < 2 || text.length > 256 || isPage(text)))
    throw invalidParameter(name, "it must have 2 to 256 characters and not begin with http:// or https://");
  return text;
}

/** The name and the description of a VPC or a vSwitch: 1 to 128 and 1 to 256 characters. */
export function networkTexts(
  parameters: Parameters,
  what: "Vpc" | "VSwitch",
): { name: string; description: string } {
  const name = parameters.text(`${what}Name`) ?? "";
  if (name.length > 128 || isPage(name)) throw malformedNetworkText(what, "Name");
  const description = parameters.text("Description") ?? "";
  if (description.length > 256 || isPage(description)) throw malformedNetworkText(what, "Discription");
  return { name, description };
}

function isPage(text: string): boolean {
  return /^https?:\/\//.test(text);
}
