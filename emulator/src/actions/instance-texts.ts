import { malformedInstanceText, userDataNotBase64, userDataTooLarge } from "../api-errors";
import type { Parameters } from "../wire/parameters";

/** The most bytes of user data, before they are written in Base64. */
const maxUserDataBytes = 32 * 1024;

/** The name of an instance: 2 to 128 letters and digits of any script, and some signs. */
export function instanceName(parameters: Parameters): string | undefined {
  const name = parameters.text("InstanceName");
  if (name !== undefined && !/^[\p{L}\p{N}:_.[\],-]{2,128}$/u.test(name))
    throw malformedInstanceText("InstanceName");
  return name;
}

/**
 * The host name of an instance: 2 to 64 characters, in parts of letters and digits between periods and hyphens. It may hold
 * the place of a number (`[1,4]`) or of the id (`${instance_id}`). Windows, which allows less, is not modelled.
 */
export function hostName(parameters: Parameters): string | undefined {
  const name = parameters.text("HostName");
  if (name === undefined) return undefined;
  const filled = name.replace("${instance_id}", "id").replace(/\[\d{0,6},\d?\]/, "0");
  if (name.length < 2 || name.length > 64 || !/^[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*$/.test(filled))
    throw malformedInstanceText("HostName");
  return name;
}

/** The user data of an instance, which are written in Base64. */
export function userData(parameters: Parameters): string | undefined {
  const text = parameters.text("UserData");
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") !== text.replace(/=+$/, "")) throw userDataNotBase64();
  if (bytes.length > maxUserDataBytes) throw userDataTooLarge();
  return text;
}
