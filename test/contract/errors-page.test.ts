import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(__dirname, "../..");
const sources = path.join(root, "provider/src");

/** The texts of the provider's code: pieces of a text joined, and a line break for each value. */
const texts = readdirSync(sources, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => readFileSync(path.join(sources, file), "utf8"))
  .join("\n")
  .replaceAll(/["'`]\s*\+\s*["'`]/g, "")
  .replaceAll(/\\`/g, "`")
  .replaceAll("${namespace}", "alicloud")
  .replaceAll(/\$\{[^}]*\}/g, "\n");

const page = readFileSync(path.join(root, "docs/errors.md"), "utf8");
/** The first block is a whole message with a server's words. */
const blocks = [...page.matchAll(/^```text\n([^]*?)^```/gm)].slice(1).map(([, text = ""]) => text);
const quoted = blocks
  // A blank line separates messages, and a message may take several lines.
  .flatMap((block) => block.split("\n\n").map((message) => message.replaceAll("\n", " ")))
  // The code puts some messages together from two.
  .flatMap((message) => message.split(/…|[;:] |, (?=or |but )/))
  .map((part) => part.replaceAll(/^[\s:,.;"[\]]*(?:is |but )?|[\s:,.;"[\]]+$/g, ""))
  .filter((part) => part.length > 12);

test("docs/errors.md: quotes messages", () => {
  expect(quoted.length).toBeGreaterThan(60);
});

test.each(quoted)("docs/errors.md: %s, is in the code", (part) => {
  expect(texts).toContain(part);
});
