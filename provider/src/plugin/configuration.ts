import { unknownValue } from "../resource/inputs";
import { EndpointError } from "../ecs-client/endpoints";
import {
  configuredBatchSize,
  configuredEndpoints,
  configuredMissingEniIsGone,
  configuredRegion,
  ConfigurationError,
  credentialSource,
  refusedKeys,
  settings,
  type ReadConfig,
} from "../runtime/configuration";

type Properties = Readonly<Record<string, unknown>>;

/** A problem with a setting of the provider. @internal */
export interface ConfigProblem {
  readonly property: string;
  readonly reason: string;
}

/** The settings that become secrets in the state. @internal */
export const secretSettings = ["accessKey", "secretKey", "securityToken"] as const;

const account = [...secretSettings, "profile"];
const refreshFirst = "refreshBeforeUpdate";
const names = [
  "region",
  ...account,
  "endpoints",
  settings.batchSize,
  settings.missingEniIsGone,
  refreshFirst,
];

/** The engine's own properties of a provider: `version`, `pluginDownloadURL`, and hidden ones. */
function isOwn(name: string): boolean {
  return !name.startsWith("__") && name !== "version" && name !== "pluginDownloadURL";
}

/** The settings in the properties of a provider resource. @internal */
export function settingsOf(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => isOwn(name)));
}

/** Reads the settings by the names that the runtime has for them: `alicloud-secondary-ips:region`. @internal */
export function configReader(properties: Properties): ReadConfig {
  return (key) => {
    const [namespace, name = ""] = key.split(":");
    return namespace === settings.namespace ? properties[name] : undefined;
  };
}

/** Whether a plain `pulumi up` reads each resource first. @internal */
export function refreshesBeforeUpdate(properties: Properties): boolean {
  const value = properties[refreshFirst];
  return value === true || value === "true";
}

/** The problems of the settings. A value that is not known yet is no problem. @internal */
export function configProblems(properties: Properties): ConfigProblem[] {
  const given = settingsOf(properties);
  const isKnown = (...keys: readonly string[]) => keys.every((key) => given[key] !== unknownValue);
  const read = configReader(given);
  const problems = Object.keys(given)
    .filter((name) => !names.includes(name) && !refusedKeys.includes(name))
    .map((property) => ({
      property,
      reason: `is not a setting of this provider; allowed: ${names.join(", ")}`,
    }));
  const test = (property: string, check: () => unknown) => {
    try {
      if (isKnown(property)) check();
    } catch (error) {
      if (!(error instanceof ConfigurationError || error instanceof EndpointError)) throw error;
      problems.push({ property, reason: error.message });
    }
  };
  test("region", () => configuredRegion(read, {}, settings.namespace));
  if (isKnown(...account)) {
    const empty = account.filter((name) => given[name] === "");
    problems.push(...empty.map((property) => ({ property, reason: emptyKey })));
    const keys = secretSettings.filter((name) => Boolean(given[name]));
    if (Boolean(given.profile) && keys.length > 0)
      problems.push({
        property: "profile",
        reason: `conflicts with ${keys.join(", ")}; set either the profile or the keys`,
      });
    const refused = refusedKeys.find((name) => Boolean(given[name]));
    if (empty.length === 0)
      test(refused ?? "accessKey", () => credentialSource(read, {}, settings.namespace));
  }
  test("endpoints", () => configuredEndpoints(read, {}, "cn-hangzhou", settings.namespace));
  test(settings.batchSize, () => configuredBatchSize(read));
  test(settings.missingEniIsGone, () => configuredMissingEniIsGone(read));
  test(refreshFirst, () => {
    if (![undefined, null, true, false, "true", "false"].includes(given[refreshFirst] as boolean))
      throw new ConfigurationError(
        `${refreshFirst}: ${JSON.stringify(given[refreshFirst])}: expected true or false`,
      );
  });
  return problems;
}

/** The reason without the value of a secret setting, or the texts in it. They are in quotes. @internal */
export function withoutValue(reason: string, value: unknown): string {
  return textsIn(value)
    .flatMap((text) => [JSON.stringify(text), JSON.stringify(text.trim()), `"${text}"`])
    .concat(JSON.stringify(value))
    .reduce((masked, quoted) => masked.replaceAll(quoted, () => "[secret]"), reason);
}

/** The texts in a value. The engine writes a setting that is no string as JSON. */
function textsIn(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(textsIn);
  if (typeof value !== "string") return [];
  try {
    return [value, ...textsIn(JSON.parse(value))];
  } catch {
    return [value];
  }
}

const emptyKey =
  "is empty; set it, or omit accessKey, secretKey, securityToken and profile to use the environment. An empty value could " +
  "select another account";

/** The settings that differ. Each is an update: a new account or endpoint never replaces a resource. @internal */
export function changedSettings(olds: Properties, news: Properties): string[] {
  const [before, after] = [settingsOf(olds), settingsOf(news)];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}
