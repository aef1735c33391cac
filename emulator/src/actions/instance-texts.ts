import { invalidParameter, userDataNotBase64, userDataTooLarge } from "../api-errors";
import type { Parameters } from "../wire/parameters";

/** The most bytes of user data, before they are written in Base64. */
const maxUserDataBytes = 32 * 1024;

/** The name of an instance. */
export function instanceName(parameters: Parameters): string | undefined {
  const name = parameters.text("InstanceName");
  if (name !== undefined && name.length > 128)
    throw invalidParameter("InstanceName", "it must have at most 128 characters");
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
