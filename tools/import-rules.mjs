/** The folders of provider/src, and those that the files of each may import from: imports point down this list. */
const mayImport = {
  dynamic: ["runtime", "ecs-client", "resource", "plan", "ecs", "shared"],
  plugin: ["runtime", "ecs-client", "resource", "plan", "ecs", "shared"],
  runtime: ["ecs-client", "resource", "plan", "ecs", "shared"],
  "ecs-client": ["ecs", "shared"],
  resource: ["plan", "ecs", "shared"],
  plan: ["ecs", "shared"],
  ecs: ["shared"],
  shared: [],
};
const folders = Object.keys(mayImport);

/** Shared code would hide its mistakes from the tests. */
const noEmulator = {
  group: ["alicloud-ecs-emulator", "alicloud-ecs-emulator/*", "**/emulator/**"],
  message: "provider and emulator share no code",
};

/** The one file that imports the SDK: the build bundles what it imports. */
export const sdkFile = "provider/src/ecs-client/alicloud-sdk.ts";

function layerRules(folder, sdk) {
  const forbidden = folders.filter((other) => other !== folder && !mayImport[folder].includes(other));
  const adaptor = folder === "dynamic" || folder === "plugin";
  const group = [
    ...forbidden.map((other) => `**/${other}/*`),
    // The entry points.
    ...["index", "provider", "cli", "plugin"].map((entry) => `../${entry}`),
    ...(adaptor ? [] : ["@pulumi/*"]),
    ...(folder === "ecs-client" ? [] : ["node:http", "node:https"]),
    ...sdk,
  ];
  const message = `files of ${folder}/ do not import this: see "Structure" in CONTRIBUTING.md`;
  return { "no-restricted-imports": ["error", { patterns: [noEmulator, { group, message }] }] };
}

const layers = [
  ...folders.map((folder) => ({
    files: [`provider/src/${folder}/**/*.ts`],
    rules: layerRules(folder, ["@alicloud/*", "@darabonba/*"]),
  })),
  { files: [sdkFile], rules: layerRules("ecs-client", []) },
];

const strangers = [
  { files: ["provider/src/*.ts"], patterns: [noEmulator] },
  {
    files: ["emulator/**"],
    patterns: [
      {
        group: ["pulumi-alicloud-secondary-ips", "pulumi-alicloud-secondary-ips/*", "**/provider/**"],
        message: "provider and emulator share no code",
      },
    ],
  },
].map(({ files, patterns }) => ({ files, rules: { "no-restricted-imports": ["error", { patterns }] } }));

/** The blocks of the linter's configuration that decide which imports are errors. */
export const importRules = [...layers, ...strangers];
