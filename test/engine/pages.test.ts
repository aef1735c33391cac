import { startEmulator, type Emulator } from "alicloud-ecs-emulator";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { copyClone } from "../support/clone";
import { pages, repository, sessionOf, type Block } from "../support/documentation";
import { runSession } from "../support/documentation-session";
import { environmentFor, region } from "../support/eni-world";

const clone = "pulumi-alicloud-secondary-ips";
/** Installing packages takes most of it, on a machine that does other things as well. */
const limitMs = 480_000;

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
    copyClone(path.join(folder, clone));
  } else {
    mkdirSync(path.join(folder, "node_modules"));
    for (const name of readdirSync(installed))
      symlinkSync(path.join(installed, name), path.join(folder, "node_modules", name));
  }
  return folder;
}

// The README of an example runs in the folder of the example: see examples.test.ts. The page of the native plugin needs the
// language host of YAML: see test/languages.
const sessions = pages
  .filter((page) => !page.startsWith("examples/") && page !== "docs/native-plugin.md")
  .map((page) => ({ page, session: sessionOf(page) }))
  .filter(({ session }) => session.length > 0);

test.each(sessions)(
  "$page: the commands succeed and print what the page shows",
  async ({ session }) => {
    const folder = startingFolder(session);
    const files = mkdtempSync(path.join(tmpdir(), "page-files-"));
    removable.push(folder, files);
    const { PULUMI_ALICLOUD_CACHE_DIR } = process.env;
    const env = { ...environmentFor(emulator), PULUMI_ALICLOUD_CACHE_DIR };
    await runSession(session, { folder, files, env, limitMs });
  },
  limitMs + 60_000,
);
