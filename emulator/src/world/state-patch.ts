import { unknownKeys } from "../documents/strict-object";
import { StateDocumentError } from "./state-document";

/** The lists of a document, and the field that tells their objects apart. */
export const idFields = {
  vpcs: "VpcId",
  vSwitches: "VSwitchId",
  securityGroups: "SecurityGroupId",
  instances: "InstanceId",
  networkInterfaces: "NetworkInterfaceId",
  eips: "AllocationId",
} as const;

export type ListWithIds = keyof typeof idFields;

/** A list without ids: a patch replaces all of it. */
const replacedList = "occupiedAddresses";

/** The id of an object of a document; the list without ids goes by what its objects say. */
export function idOfObject(list: ListWithIds | typeof replacedList, object: object): string {
  const fields = object as Readonly<Record<string, string>>;
  if (list === replacedList) return `${fields.VSwitchId ?? ""} ${fields.Address ?? ""}`;
  return fields[idFields[list]] ?? "";
}

type JsonObject = Record<string, unknown>;

/**
 * The objects of a document that a patch changes, as they are to be: fields as in RFC 7396 (objects merge, `null` removes,
 * everything else replaces), an id that the document does not have is added. A `Status` that is set stays: it ends a transition
 * unless the patch brings one.
 *
 * @param present - the object that the document has
 */
export function mergePatch(
  patch: unknown,
  present: (list: ListWithIds, id: string) => object | undefined,
): JsonObject {
  if (!isObject(patch)) throw new StateDocumentError(["the patch: must be a JSON object"]);
  const merged: JsonObject = {};
  for (const [list, changes] of Object.entries(patch)) {
    if (list !== replacedList && !isListName(list))
      throw new StateDocumentError([
        `the patch: ${unknownKeys([list], [...Object.keys(idFields), replacedList])}`,
      ]);
    if (!Array.isArray(changes)) throw new StateDocumentError([`${list}: must be a list of objects`]);
    merged[list] = list === replacedList ? changes : mergeList(changes, list, (id) => present(list, id));
  }
  return merged;
}

function mergeList(
  changes: readonly unknown[],
  list: ListWithIds,
  present: (id: string) => object | undefined,
): unknown[] {
  const field = idFields[list];
  const merged = new Map<string, JsonObject>();
  for (const [index, change] of changes.entries()) {
    const id = isObject(change) ? change[field] : undefined;
    if (!isObject(change) || typeof id !== "string")
      throw new StateDocumentError([`${list}[${index}].${field}: must be given: objects are merged by it`]);
    const next = mergeObject({ ...(merged.get(id) ?? present(id)) }, change);
    if ("Status" in change && !("StatusTransition" in change)) delete next.StatusTransition;
    merged.set(id, next);
  }
  return [...merged.values()];
}

function mergeObject(base: JsonObject, change: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const present = merged[key];
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = isObject(value) ? mergeObject(isObject(present) ? present : {}, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListName(name: string): name is ListWithIds {
  return Object.hasOwn(idFields, name);
}
