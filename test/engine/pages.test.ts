import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { once } from "node:events";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import {
  missingLine,
  pages,
  printedBy,
  repository,
  scriptOf,
  sessionOf,
  type Block,
} from "../support/documentation";
import { environmentFor, region } from "../support/eni-world";
import { pulumiEnvironment } from "../support/pulumi-project";
import { runCommand } from "../support/run-command";

const clone = "pulumi-alicloud-secondary-ips";

/** What a page finds: two empty ENIs, on an instance whose type allows 30 addresses on each. */
const seed = {
  vpcs: [{ VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.0.0/16" }],
  vSwitches: [{ VSwitchId: "vsw-1", VpcId: "vpc-1", RegionId: region, CidrBlock: "10.0.0.0/24" }],
  instances: [{ InstanceId: "i-1", RegionId: region }],
  networkInterfaces: [
    { NetworkInterfaceId: "eni-a", InstanceId: "i-1", VSwitchId: "vsw-1", PrivateIpAddress: "10.0.0.10" },
    { NetworkInterfaceId: "eni-b", InstanceId: "i-1", VSwitchId: "vsw-1", PrivateIpAddress: "10.0.0.11" },
  ],
};

let emulator: Emulator;
let removable: string[];

beforeEach(async () => {
  emulator = await startEmulator({ seed });
  removable = [];
});
afterEach(async () => {
  removable.forEach((folder) => {
    rmSync(folder, { recursive: true, force: true });
  });
  await emulator.close();
});

/**
 * Where a page begins: outside the repository, because npm would change it otherwise. A page that installs packages finds a
 * clone. Other pages find the packages as after an installation.
 */
function startingFolder(session: readonly Block[]): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "page-")));
  const installed = path.join(repository, "node_modules");
  if (
    session.some(({ language, code }) => language === "sh" && /\bnpm (i|init|install|ci|pack)\b/.test(code))
  ) {
    for (const name of [
      "package.json",
      "package-lock.json",
      "tsconfig.json",
      "tools",
      "provider",
      "emulator",
    ])
      cpSync(path.join(repository, name), path.join(folder, clone, name), {
        recursive: true,
        // The build of the repository is not built again.
        preserveTimestamps: true,
        filter: (source) => path.basename(source) !== "node_modules",
      });
    symlinkSync(installed, path.join(folder, clone, "node_modules"));
  } else {
    mkdirSync(path.join(folder, "node_modules"));
    for (const name of readdirSync(installed))
      symlinkSync(path.join(installed, name), path.join(folder, "node_modules", name));
  }
  return folder;
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return String(port);
}

const sessions = pages
  .map((page) => ({ page, session: sessionOf(page) }))
  .filter(({ session }) => session.length > 0);

test.each(sessions)(
  "$page: the commands succeed and print what the page shows",
  async ({ page, session }) => {
    const folder = startingFolder(session);
    const files = mkdtempSync(path.join(tmpdir(), "page-files-"));
    removable.push(folder, files);
    mkdirSync(path.join(files, "pulumi"));
    // The pages have one port. Something else may listen on it.
    const port = await freePort();
    let count = 0;
    const written = (text: string) => {
      const file = path.join(files, String(count++));
      writeFileSync(file, text.replaceAll("4300", port));
      return file;
    };
    const script = written(scriptOf(session, written));
    const env = {
      ...pulumiEnvironment(path.join(files, "pulumi")),
      ...environmentFor(emulator),
      PULUMI_SKIP_CONFIRMATIONS: "true",
      // The contract suite checks the types.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      npm_config_cache: process.env.npm_config_cache ?? path.join(homedir(), ".npm"),
      npm_config_userconfig: process.env.npm_config_userconfig ?? path.join(homedir(), ".npmrc"),
      npm_config_prefer_offline: "true",
    };
    const { exitCode, output } = await runCommand("bash", ["-euo", "pipefail", script], { cwd: folder, env });
    if (exitCode !== 0) throw new Error(`the commands of ${page} ended with ${exitCode}:\n${output}`);

    const printed = printedBy(session, output);
    let commands: Block | undefined;
    for (const block of session) {
      if (block.language === "sh") commands = block;
      if (!block.output || commands === undefined) continue;
      const actual = printed.get(commands.line) ?? "";
      const missing = missingLine(block.code, actual);
      if (missing !== undefined)
        throw new Error(`${page}:${block.line}: the commands do not print\n${missing}\nbut\n${actual}`);
    }
  },
);
