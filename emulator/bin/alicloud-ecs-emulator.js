#!/usr/bin/env node
const { statSync } = require("node:fs");
const path = require("node:path");

const folder = path.join(__dirname, "..");
const changedMs = (file) => statSync(path.join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

// One file starts in less time than the modules and packages that it is made of. Only a clone has the second file: a compilation
// after the bundle makes the bundle out of date.
const hasBundle = changedMs("dist/cli.bundle.js") > changedMs("tsconfig.tsbuildinfo");
require(hasBundle ? "../dist/cli.bundle.js" : "../dist/cli.js");
