import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { EmulatorProcess } from "../support/emulator-process";

const repository = path.resolve(__dirname, "../..");
const dockerfile = readFileSync(path.join(repository, "emulator/Dockerfile"), "utf8");

function docker(...args: readonly string[]) {
  return spawnSync("docker", args, { cwd: repository, encoding: "utf8", timeout: 540_000 });
}

const base = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile)?.[1] ?? "";

/** Why the image cannot be built here. Nothing is pulled: the base image is there, or the image is left out. */
function missing(): string | undefined {
  const info = docker("info");
  if (info.error) return "there is no `docker` on PATH";
  if (info.status !== 0) return "`docker info` fails: no daemon runs";
  return docker("image", "inspect", base).status === 0 ? undefined : `the base image ${base} is not there`;
}

const reason = missing();
if (reason !== undefined)
  process.stderr.write(`\n*** LEFT OUT: the image of emulator/Dockerfile is not built, for ${reason}.\n\n`);

test("Dockerfile: each variable of the emulator is one of a flag, and the entry point is its command", async () => {
  const named = [...dockerfile.matchAll(/ALICLOUD_ECS_EMULATOR_\w+/g)].map(([name]) => name);
  expect(named).toContain("ALICLOUD_ECS_EMULATOR_HOST");
  const help = (await new EmulatorProcess("--help").ended).stdout.replaceAll(/\s+/g, " ");
  expect(named.filter((name) => !help.includes(`env: ${name})`))).toEqual([]);
  const manifest = readFileSync(path.join(repository, "emulator/package.json"), "utf8");
  const [command = ""] = Object.keys((JSON.parse(manifest) as { bin: object }).bin);
  expect(dockerfile).toContain(`ENTRYPOINT ["${command}"]`);
});

if (reason === undefined)
  test("image: it is built, is healthy behind a published port, and ends with docker stop", async () => {
    const tag = `alicloud-ecs-emulator-test:${process.pid}`;
    const built = docker("build", "--file", "emulator/Dockerfile", "--tag", tag, ".");
    expect({ status: built.status, stderr: built.status === 0 ? "" : built.stderr }).toEqual({
      ...{ status: 0, stderr: "" },
    });
    const container = docker(
      "run",
      "--detach",
      "--publish",
      "127.0.0.1::4300",
      tag,
      "--verbose",
    ).stdout.trim();
    try {
      const address = docker("port", container, "4300/tcp").stdout.trim();
      let health: Response | undefined;
      while (!health?.ok) health = await fetch(`http://${address}/_emulator/health`).catch(() => undefined);
      expect(await health.json()).toEqual({ status: "ok" });
      docker("stop", container);
      expect(docker("inspect", "--format", "{{.State.ExitCode}}", container).stdout.trim()).toBe("0");
    } finally {
      docker("rm", "--force", container);
      docker("image", "rm", tag);
    }
  }, 600_000);
