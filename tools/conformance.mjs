/** Writes the emulator's conformance table into its README. It is made of the built package: build first. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import conformance from "../emulator/dist/testing/conformance-table.js";
import registry from "../emulator/dist/actions/registry.js";
import { repositoryFolder } from "./paths.mjs";

const file = path.join(repositoryFolder, "emulator", "README.md");
const before = readFileSync(file, "utf8");
const after = conformance.withConformanceTable(before, registry.actions);
writeFileSync(file, after);
process.stderr.write(`${file}: ${after === before ? "as it was" : "written"}\n`);
