import assert from "node:assert/strict";
import test from "node:test";
import { CommandFailed, runCommand } from "./run-command.mjs";

const node = (script, options) => runCommand(process.execPath, ["-e", script], options);

test("resolves to what the command printed", async () => {
  assert.equal(await node("console.log('on'); console.error('off')"), "on\n");
});

test("tells the exit code and the end of the output of a command that fails", async () => {
  await assert.rejects(node("console.error('the reason'); process.exit(3)"), (error) => {
    assert.ok(error instanceof CommandFailed);
    assert.match(error.message, /exit code 3/);
    assert.deepEqual(error.lastLines, ["the reason"]);
    return true;
  });
});

test("ends a command that takes too long", async () => {
  await assert.rejects(node("setInterval(() => {}, 1000)", { timeoutMs: 200 }), /took longer than 0.2 s/);
});

test("ends a command when asked to stop, and gives the reason", async () => {
  const reason = new Error("Ctrl-C");
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 200);
  await assert.rejects(node("setInterval(() => {}, 1000)", { signal: controller.signal }), reason);
});
