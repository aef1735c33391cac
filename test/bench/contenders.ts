/** The ways to manage the addresses, by the names that program/index.ts has for them. */
export const contenders = {
  dynamic: { title: "dynamic resource", isProvider: isDynamicHost, isOurs: true },
  native: {
    title: "native plugin",
    isProvider: (commandLine: string) => commandLine.includes("/plugin/start.js"),
    isOurs: true,
  },
  plain: { title: "plain dynamic provider", isProvider: isDynamicHost, isOurs: false },
} as const;

export type Contender = keyof typeof contenders;

export const contenderNames = Object.keys(contenders) as Contender[];

/** The host of dynamic providers, and not the shell script that starts it. */
function isDynamicHost(commandLine: string): boolean {
  return commandLine.includes("/cmd/dynamic-provider");
}
