import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { unknownValue } from "../resource/inputs";

type Properties = Record<string, unknown>;

/*
 * How the engine writes values that JSON does not have:
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go and
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
 */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

/** A value that is not known yet: of a boolean, a number, a string, a list, an asset, an archive, an object. */
const unknownValues: readonly unknown[] = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  unknownValue,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** Properties as plain values. A value that is not known yet has one form, whatever its type. @internal */
export interface PlainProperties {
  readonly values: Properties;
  /** The names of the properties that are secret, in whole or in part. */
  readonly secretNames: readonly string[];
}

/** The values of a message as the engine wrote them. @internal */
export function wireValues(properties: Struct | undefined): Properties {
  return properties?.toJavaScript() ?? {};
}

/** A message with these values. An undefined one is left out. @internal */
export function structOf(values: Properties): Struct {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return Struct.fromJavaScript(Object.fromEntries(defined) as Parameters<typeof Struct.fromJavaScript>[0]);
}

/** Reads the values that the engine wrote. @internal */
export function plainProperties(wire: Properties): PlainProperties {
  const read = Object.entries(wire).map(([name, value]) => ({ name, ...plainValue(value) }));
  return {
    values: Object.fromEntries(read.map(({ name, value }) => [name, value])),
    secretNames: read.filter(({ isSecret }) => isSecret).map(({ name }) => name),
  };
}

interface PlainValue {
  readonly value: unknown;
  readonly isSecret: boolean;
}

function plainValue(wire: unknown): PlainValue {
  if (unknownValues.includes(wire)) return { value: unknownValue, isSecret: false };
  if (Array.isArray(wire)) {
    const elements = wire.map(plainValue);
    return { value: elements.map(({ value }) => value), isSecret: elements.some(({ isSecret }) => isSecret) };
  }
  if (typeof wire !== "object" || wire === null) return { value: wire, isSecret: false };
  const object = wire as Properties;
  switch (object[signatureKey]) {
    case secretSignature:
      return { value: plainValue(object.value).value, isSecret: true };
    case outputSignature: {
      const { value, isSecret } =
        "value" in object ? plainValue(object.value) : { value: unknownValue, isSecret: false };
      return { value, isSecret: isSecret || object.secret === true };
    }
    case resourceSignature:
      // A resource stands for its id. The id of one that is not created yet is empty.
      return { value: object.id === "" ? unknownValue : plainValue(object.id).value, isSecret: false };
    default: {
      const { values, secretNames } = plainProperties(object);
      return { value: values, isSecret: secretNames.length > 0 };
    }
  }
}
