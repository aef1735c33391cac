import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { newestSdk, testedSdk } from "./set-ups";

const repository = path.resolve(__dirname, "../..");

/** Copies the files of the repository, without what is installed or built. The copy's packages ask for the newest SDK. */
export function copyForNewestSdk(to: string): void {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: repository,
    encoding: "utf8",
  });
  const files = listed.split("\n").filter((file) => file !== "" && existsSync(path.join(repository, file)));
  for (const file of files) {
    const copy = path.join(to, file);
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(path.join(repository, file), copy);
    if (path.basename(file) !== "package.json") continue;
    const tested = `"@pulumi/pulumi": "${testedSdk}"`;
    writeFileSync(copy, readFileSync(copy, "utf8").replace(tested, `"@pulumi/pulumi": "${newestSdk}"`));
  }
}
