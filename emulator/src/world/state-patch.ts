import { unknownKeys } from "../documents/strict-object";
import type { StateDocument } from "./state-document";
import { StateDocumentError } from "./state-document";

/** The lists of a document, and the field that tells their objects apart. */
const idFields = {
  vpcs: "VpcId",
  vSwitches: "VSwitchId",
  securityGroups: "SecurityGroupId",
  instances: "InstanceId",
  networkInterfaces: "NetworkInterfaceId",
  eips: "AllocationId",
} as const;

/** A list without ids: a patch replaces all of it. */
const replacedList = "occupiedAddresses";

type JsonObject = Record<string, unknown>;

/**
 * Merges a patch into a document, object by object: fields as in RFC 7396 (objects merge, `null` removes, everything
 * else replaces), an id that the document does not have is added. A `Status` that is set stays: it ends a transition
 * unless the patch brings one.
 */
export function mergePatch(document: StateDocument, patch: unknown): JsonObject {
  if (!isObject(patch)) throw new StateDocumentError(["the patch: must be a JSON object"]);
  const merged: JsonObject = { ...document };
  for (const [list, changes] of Object.entries(patch)) {
    if (list !== replacedList && !isListName(list))
      throw new StateDocumentError([
        `the patch: ${unknownKeys([list], [...Object.keys(idFields), replacedList])}`,
      ]);
    if (!Array.isArray(changes)) throw new StateDocumentError([`${list}: must be a list of objects`]);
    merged[list] = list === replacedList ? changes : mergeList(document[list], changes, list);
  }
  return merged;
}

function mergeList(present: unknown, changes: readonly unknown[], list: keyof typeof idFields): unknown[] {
  const field = idFields[list];
  const merged: unknown[] = Array.isArray(present) ? [...(present as unknown[])] : [];
  for (const [index, change] of changes.entries()) {
    if (!isObject(change) || typeof change[field] !== "string")
      throw new StateDocumentError([`${list}[${index}].${field}: must be given: objects are merged by it`]);
    const position = merged.findIndex((item) => isObject(item) && item[field] === change[field]);
    const base = position < 0 ? {} : merged[position];
    const next = mergeObject(isObject(base) ? base : {}, change);
    if ("Status" in change && !("StatusTransition" in change)) delete next.StatusTransition;
    if (position < 0) merged.push(next);
    else merged[position] = next;
  }
  return merged;
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

function isListName(name: string): name is keyof typeof idFields {
  return Object.hasOwn(idFields, name);
}
