import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { providerText, providerVariable, resourceType } from "./provider-text";

const packageName = "pulumi-alicloud-secondary-ips";

test("the provider in every state file is, byte for byte, what the first release wrote", () => {
  expect(providerText).toBe(
    'exports.handler=()=>{let f=process.env.ALICLOUD_SECONDARY_IPS_PROVIDER||"",n="pulumi-alicloud-secondary-ips",d=process.cwd(),m="add it to the package.json of the program in "+d;if(!require("fs").existsSync(f))try{f=require.resolve(n+"/provider",{paths:[d,require.main.filename]})}catch{throw{toString:()=>n,stack:m="not installed: "+m,message:n+" is "+m}}return require(f)}',
  );
  expect(providerText.length).toBeLessThanOrEqual(400);
});

test("the variable in it is the one that importing the package sets", () => {
  expect(providerText).toContain(`process.env.${providerVariable}||`);
});

test("the type in every state file is what the first release wrote", () => {
  expect(resourceType).toBe("pulumi-nodejs:dynamic/alicloud:EniSecondaryIps");
});

describe("the package is found", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "provider-text-")));
    installHost("host");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  // As Pulumi's host runs the text, and what it prints for an error.
  const host = `
    const text = new module.constructor("");
    text.paths = [];
    text._compile(${JSON.stringify(providerText)}, "");
    try {
      console.log(text.exports.handler());
    } catch (e) {
      console.log(e + ": " + e.stack + "\\n" + e.message);
    }`;

  function write(file: string, text: string): string {
    const whole = path.join(folder, file);
    mkdirSync(path.dirname(whole), { recursive: true });
    writeFileSync(whole, text);
    return whole;
  }
  const install = (where: string, name: string, text: string) =>
    write(path.join(where, "node_modules", name, `${name === packageName ? "provider" : "index"}.js`), text);
  const copy = (where: string, text = `module.exports = "${where}"`) => install(where, packageName, text);

  const installHost = (where: string) => install(where, "cmd/dynamic-provider", host);

  /** Runs the host in a folder, as the engine does. */
  async function run(cwd: string, variable?: string, hostFolder = "host"): Promise<string> {
    mkdirSync(path.join(folder, cwd), { recursive: true });
    const main = path.join(folder, hostFolder, "node_modules/cmd/dynamic-provider/index.js");
    const env = { ...process.env, [providerVariable]: variable };
    const options = { cwd: path.join(folder, cwd), env };
    const { stdout } = await promisify(execFile)(process.execPath, [main], options);
    return stdout.trim();
  }

  test("in the program's folder, and in its parents", async () => {
    copy("project");
    expect(await run("project")).toBe("project");
    expect(await run("project/src/main")).toBe("project");
  });

  test("by the variable, if its file exists", async () => {
    copy("project");
    expect(await run("project", write("other.js", 'module.exports = "other"'))).toBe("other");
    expect(await run("project", path.join(folder, "missing.js"))).toBe("project");
    expect(await run("project", "")).toBe("project");
  });

  test("in pnpm's store, where only a component library depends on it", async () => {
    const store = "project/node_modules/.pnpm";
    installHost(`${store}/@pulumi+pulumi@3/node_modules/@pulumi/pulumi`);
    copy(store);
    expect(await run("project", undefined, `${store}/@pulumi+pulumi@3/node_modules/@pulumi/pulumi`)).toBe(
      store,
    );
  });

  test("nowhere: one sentence names the folder, without a stack", async () => {
    const what = `add it to the package.json of the program in ${path.join(folder, "project")}`;
    expect(await run("project")).toBe(
      `${packageName}: not installed: ${what}\n${packageName} is not installed: ${what}`,
    );
  });

  test("an error inside the package keeps its own words", async () => {
    copy("project", 'require("what-is-missing-inside")');
    expect(await run("project")).toMatch(/Cannot find module 'what-is-missing-inside'/);
  });

  describe("by an Automation API program that runs another project", () => {
    const automation = path.join(__dirname, "../../dist/automation-provider.js");

    test("which has a copy of its own: that one", async () => {
      copy("project");
      expect(await run("project", automation)).toBe("project");
    });

    test("which has one in pnpm's store, of a component library: that one", async () => {
      const store = "project/node_modules/.pnpm";
      const host = `${store}/@pulumi+pulumi@3/node_modules/@pulumi/pulumi`;
      installHost(host);
      copy(store);
      expect(await run("project", automation, host)).toBe(store);
    });

    test("which has none: the one of the Automation API program", async () => {
      expect(await run("project", automation)).toMatch("EniSecondaryIpsProvider");
    });
  });
});
