/** Writes the emulator's list of operations into docs/emulator.md. It uses the built package: build first. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import conformance from "../emulator/dist/testing/conformance-list.js";
import registry from "../emulator/dist/actions/registry.js";
import { runEntryPoint } from "./entry-point.mjs";
import { repositoryFolder } from "./paths.mjs";

await runEntryPoint(
  () => {
    const file = path.join(repositoryFolder, "docs", "emulator.md");
    const before = readFileSync(file, "utf8");
    const after = conformance.withConformanceList(before, registry.actions);
    writeFileSync(file, after);
    process.stderr.write(`${file}: ${after === before ? "unchanged" : "written"}\n`);
  },
  { usage: "npm run conformance" },
);
