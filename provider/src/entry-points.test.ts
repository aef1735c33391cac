import { build } from "esbuild";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

/** Loads an entry point with everything switched on, and returns the DEBUG that the SDK found when it was loaded. */
function debugSeenBySdk(entryPoint: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    jest.resetModules();
    jest.doMock("@alicloud/openapi-core/dist/utils", () => {
      resolve(process.env.DEBUG);
      return jest.requireActual<object>("@alicloud/openapi-core/dist/utils");
    });
    jest.requireActual(entryPoint);
  });
}

const { argv, exitCode } = process;
const { DEBUG } = process.env;
beforeEach(() => {
  process.env.DEBUG = "*";
  process.argv = [...argv.slice(0, 2), "--version"];
  jest.spyOn(process.stdout, "write").mockReturnValue(true);
  jest.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  process.argv = argv;
  process.exitCode = exitCode;
  if (DEBUG === undefined) delete process.env.DEBUG;
  else process.env.DEBUG = DEBUG;
});

test.each(["./provider", "./cli"])(
  "%s: DEBUG=* excludes the HTTP client before the SDK is loaded",
  async (entryPoint) => {
    await expect(debugSeenBySdk(entryPoint)).resolves.toBe("*,-httpx:*");
  },
);

test("./index: loads in a bundle of ES modules, which has no __dirname", async () => {
  const work = path.resolve(__dirname, "../../test/.work");
  mkdirSync(work, { recursive: true });
  const folder = mkdtempSync(path.join(work, "bundle-"));
  const outfile = path.join(folder, "index.mjs");
  try {
    await build({
      entryPoints: [path.resolve(__dirname, "../dist/index.js")],
      outfile,
      bundle: true,
      platform: "node",
      format: "esm",
      external: ["@pulumi/pulumi"],
      // As the users of esbuild write it for packages in CommonJS: https://github.com/evanw/esbuild/issues/1921
      banner: {
        js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
      },
    });
    const program = `import(${JSON.stringify(outfile)}).then(({ default: found }) => console.log(Object.keys(found).join()))`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", program]);
    expect(stdout.trim()).toBe("EniProvider,EniSecondaryIps");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
