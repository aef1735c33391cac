/**
 * The Pulumi CLI with folders of its own: `npm run --silent pulumi -- ARGS`, in the folder it is called from. Its home,
 * state and temporary files are in `.pulumi-cli/`. Secrets in that state are encrypted with PULUMI_CONFIG_PASSPHRASE,
 * which is "not-a-secret" unless it is set.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { runEntryPoint } from "./entry-point.mjs";
import { ToolError } from "./errors.mjs";
import { repositoryFolder } from "./paths.mjs";
import { defaultPassphrase, ensurePulumiCli, pulumiEnvironment } from "./pulumi-cli/index.mjs";

await runEntryPoint(async ({ signal, stopListening }) => {
  const cli = await ensurePulumiCli({ signal });
  const env = {
    // The person's own PULUMI_* variables (a stack's name, say) hold, except for those that name folders.
    ...process.env,
    ...pulumiEnvironment({ ...cli, folder: path.join(repositoryFolder, ".pulumi-cli") }),
    PULUMI_CONFIG_PASSPHRASE: process.env.PULUMI_CONFIG_PASSPHRASE ?? defaultPassphrase,
  };
  if (process.env.PULUMI_CONFIG_PASSPHRASE_FILE) delete env.PULUMI_CONFIG_PASSPHRASE;
  stopListening();
  return runInForeground(path.join(cli.binDir, "pulumi"), process.argv.slice(2), env);
});

/** npm changes to the root of the repository before it runs a script; INIT_CWD is where it was called. */
function callersFolder() {
  const calledByNpm = process.env.npm_lifecycle_event === "pulumi";
  return (calledByNpm && process.env.INIT_CWD) || process.cwd();
}

function runInForeground(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: callersFolder(), env, stdio: "inherit" });
    // A terminal sends Ctrl-C to the engine too, which then cleans up: this process only has to wait for it.
    process.on("SIGINT", () => {});
    for (const name of ["SIGTERM", "SIGHUP"]) process.on(name, () => child.kill(name));
    child.on("error", (error) => reject(new ToolError(`${command} could not be started: ${error.message}`)));
    child.on("exit", (code, signalName) => {
      if (!signalName) return resolve(code);
      process.removeAllListeners(signalName);
      process.kill(process.pid, signalName);
    });
  });
}
