import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { transformFileSync } from "@swc/core";
import { XMLParser } from "fast-xml-parser";
import type { Manners, ToldError } from "./judge";

/** How a language's clients are started, or why they cannot be. */
export type Availability =
  { readonly command: readonly string[] } | { readonly leftOut: string } | { readonly failed: string };

/** A third-party client. */
export interface Client extends Manners {
  readonly title: string;
  readonly language: "typescript" | "python" | "go";
  /** What its driver calls it. */
  readonly name: string;
  /** It has a type for each answer, and shows nothing but what the type has. */
  readonly typed?: boolean;
}

function text(error: ToldError, key: keyof ToldError): string {
  const value = error[key];
  if (typeof value !== "string" || value === "") throw new Error(`no ${key} in ${JSON.stringify(error)}`);
  return value;
}

function parts(value: string, form: RegExp): string[] {
  const [, ...found] = form.exec(value) ?? [];
  if (found.length === 0) throw new Error(`${JSON.stringify(value)} is not like ${String(form)}`);
  return found;
}

const status = (error: ToldError) => Number(error.status);

/** Code, status, message and request id in fields of their own. */
const plainly: Manners["refusal"] = (error) => ({
  status: status(error),
  code: text(error, "code"),
  message: text(error, "message"),
  requestId: text(error, "requestId"),
});

/** The present generation: `code: 404, The specified … request id: …`, in TypeScript with the code before it. */
const wrapped =
  (before: (code: string) => string): Manners["refusal"] =>
  (error) => {
    const refusal = plainly(error, undefined);
    const lead = `${before(refusal.code)}code: ${refusal.status ?? ""}, `;
    const end = ` request id: ${refusal.requestId}`;
    if (!refusal.message.startsWith(lead) || !refusal.message.endsWith(end))
      throw new Error(`the message ${JSON.stringify(refusal.message)} does not repeat the fields`);
    return { ...refusal, message: refusal.message.slice(lead.length, -end.length) };
  };

/** pop-core has no status, and adds the URL that was asked. */
const popCore: Manners["refusal"] = (error) => {
  const [message = ""] = parts(text(error, "message"), /^([\s\S]*), URL: http:\/\//);
  return {
    ...{ status: undefined, code: text(error, "code"), message },
    requestId: text(error, "requestId"),
  };
};

/**
 * Compares the server's string to sign with its own, and where they are the same says that the secret is wrong: the
 * emulator has computed what the client has.
 */
const classic: Manners["refusal"] = (error, expected) => {
  const refusal = plainly(error, expected);
  if (expected?.[1] !== "SignatureDoesNotMatch") return refusal;
  const words = "The AccessKeySecret is incorrect. Please check your AccessKeyId and AccessKeySecret.";
  if (refusal.code !== "InvalidAccessKeySecret" || refusal.message !== words)
    throw new Error(`the client does not put it down to the secret: ${JSON.stringify(error)}`);
  return { ...refusal, code: expected[1], message: "Specified signature (the client has words of its own)" };
};

/** Compares the strings to sign as well, and says what follows in a field of its own. */
const go: Manners["refusal"] = (error, expected) => {
  const advice = "InvalidAccessKeySecret: Please check you AccessKeySecret";
  if (expected?.[1] === "SignatureDoesNotMatch" && error.recommend !== advice)
    throw new Error(`the client does not put it down to the secret: ${JSON.stringify(error)}`);
  return plainly(error, expected);
};

/** The Go client reads errors in JSON only: in XML its message is the whole body. */
const goXml: Manners["refusal"] = (error) => {
  const parser = new XMLParser({ parseTagValue: false, trimValues: false });
  const { Error: body } = parser.parse(text(error, "message")) as {
    Error: { Code: string; Message: string; RequestId: string };
  };
  return { status: status(error), code: body.Code, message: body.Message, requestId: body.RequestId };
};

export const clients: readonly Client[] = [
  {
    title: "TypeScript: @alicloud/ecs20140526 and vpc20160428",
    ...{ language: "typescript", name: "full", refusal: wrapped((code) => `${code}: `), typed: true },
  },
  { title: "TypeScript: pop-core, GET", language: "typescript", name: "pop-core-get", refusal: popCore },
  { title: "TypeScript: pop-core, POST", language: "typescript", name: "pop-core-post", refusal: popCore },
  {
    title: "Python: alibabacloud_ecs20140526 and vpc20160428",
    ...{ language: "python", name: "tea", refusal: wrapped(() => ""), typed: true },
  },
  { title: "Python: aliyun-python-sdk, JSON", language: "python", name: "classic-json", refusal: classic },
  {
    title: "Python: aliyun-python-sdk, XML",
    ...{ language: "python", name: "classic-xml", refusal: plainly, untyped: true },
  },
  { title: "Go: alibaba-cloud-sdk-go, JSON", language: "go", name: "json", refusal: go, typed: true },
  { title: "Go: alibaba-cloud-sdk-go, XML", language: "go", name: "xml", refusal: goXml },
];

/** Inside the repository, where its imports are found. */
export const compiledFolder = path.join(__dirname, "..", ".work", `clients-${process.pid}`);

/** What `tools/test.mjs` has made ready; without it, TypeScript only. */
export function availability(language: Client["language"]): Availability {
  if (language === "typescript")
    return { command: [process.execPath, path.join(compiledFolder, "driver.js")] };
  const { TEST_CLIENTS } = process.env;
  if (TEST_CLIENTS === undefined)
    return { leftOut: "TEST_CLIENTS is not set: run `npm test -- --suite clients`" };
  const found = (JSON.parse(TEST_CLIENTS) as Record<string, Availability>)[language];
  if (!found) return { failed: `TEST_CLIENTS has no ${language}` };
  if (language === "python" && "command" in found)
    return { command: [...found.command, "-B", path.join(__dirname, "python", "driver.py")] };
  return found;
}

/** Writes the driver in TypeScript as Node.js runs it; `tsc -p test` checks its types. */
export function compileDriver(): void {
  const from = path.join(__dirname, "typescript");
  mkdirSync(compiledFolder, { recursive: true });
  for (const name of readdirSync(from)) {
    const { code } = transformFileSync(path.join(from, name), {
      jsc: { target: "es2022", parser: { syntax: "typescript" } },
      module: { type: "commonjs" },
    });
    writeFileSync(path.join(compiledFolder, name.replace(/\.ts$/, ".js")), code);
  }
}
