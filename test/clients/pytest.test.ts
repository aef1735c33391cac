import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { runCommand } from "../support/run-command";
import { availability } from "./clients";

const repository = path.resolve(__dirname, "../..");
const available = availability("python");
/** As for the clients: in CI, a missing Python is a failure. */
const leftOut = "leftOut" in available && !process.env.CI;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "pytest-"));
  await cp(path.join(repository, "examples/pytest"), folder, { recursive: true });
  await symlink(path.join(repository, "node_modules"), path.join(folder, "node_modules"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function pytest() {
  if (!("command" in available)) throw new Error(`there is no Python: ${JSON.stringify(available)}`);
  const [python = ""] = available.command;
  const env = { ...process.env, NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" };
  const options = ["-B", "-m", "pytest", "-p", "no:cacheprovider"];
  return runCommand(python, options, { cwd: folder, env, limitMs: 150_000 });
}

(leftOut ? test.skip : test)("example pytest: its tests pass, and the emulator ends with them", async () => {
  // The fixture gives the emulator this file: the process that has it is the one of this run.
  const conftest = path.join(folder, "conftest.py");
  const noted = 'yield Emulator(started["url"])';
  const text = await readFile(conftest, "utf8");
  expect(text).toContain(noted);
  await writeFile(
    conftest,
    text.replace(noted, `open("pid", "w").write(str(started["pid"]))\n        ${noted}`),
  );
  const { exitCode, output } = await pytest();
  expect({ exitCode, output }).toEqual({
    exitCode: 0,
    output: expect.stringContaining("3 passed") as string,
  });
  const pid = Number(await readFile(path.join(folder, "pid"), "utf8"));
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

(leftOut ? test.skip : test)(
  "example pytest: an emulator that does not start fails the tests with its reason",
  async () => {
    const conftest = path.join(folder, "conftest.py");
    const text = await readFile(conftest, "utf8");
    await writeFile(conftest, text.replace('"NetworkInterfaceId": "eni-a"', '"NetworkInterfaceId": 5'));
    const { exitCode, output } = await pytest();
    expect(exitCode).toBe(1);
    expect(output).toMatch(/npx alicloud-ecs-emulator .* ended with 1/);
    expect(output).toContain("networkInterfaces[0].NetworkInterfaceId");
  },
);
