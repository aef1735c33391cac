/** Prints the folder that holds the Pulumi CLI and its companions, alone, so that it can be put on a PATH. */
import { runEntryPoint } from "./entry-point.mjs";
import { ensurePulumiCli } from "./pulumi-cli/index.mjs";

await runEntryPoint(
  async ({ signal }) => {
    const { binDir } = await ensurePulumiCli({ signal });
    process.stdout.write(`${binDir}\n`);
  },
  { usage: "npm run --silent pulumi:path" },
);
