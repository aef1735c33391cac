import assert from "node:assert/strict";
import test from "node:test";
import { checkLanguage, findPhrases } from "./check.mjs";
import { phrases } from "./phrases.mjs";
import { isRead } from "./texts.mjs";

/** Every text of a program that a person reads, with the phrase in it. */
const places = {
  "a line comment": (text) => ["a.ts", `const a = 1; // ${text}\n`],
  "a block comment": (text) => ["a.ts", `/**\n * Says:\n * ${text}\n */\nexport {};\n`],
  "a comment at the end of a file": (text) => ["a.mjs", `const a = 1;\n// ${text}`],
  "a string": (text) => ["a.js", `const a = ${JSON.stringify(text)};\n`],
  "a template": (text) => ["a.ts", `const a = \`\${b}: ${text} \${c}\`;\n`],
  "a test name": (text) => ["a.test.ts", `test(${JSON.stringify(text)}, () => {});\n`],
  Markdown: (text) => ["a.md", `# Title\n\n- ${text}\n`],
};
const stringPlaces = ["a string", "a test name"];

for (const { example, strings } of phrases) {
  test(`"${example}": found in comments, strings, test names and Markdown`, () => {
    for (const [place, fileOf] of Object.entries(places)) {
      if (strings && !stringPlaces.includes(place)) continue;
      assert.notDeepEqual(findPhrases(...fileOf(example)), [], place);
    }
  });
}

const clean = {
  "identifiers and properties": `const nobody = 1; letGo(nobody); ({ somebody: 2 }).anew;`,
  "module names": `import { a } from "./nobody"; export { b } from "./anew";`,
  "regular expressions": `const a = /let go of|nobody/;`,
  "code in a template": "const a = `${nobody.anew} is assigned`;",
  "a clause as an object": `// Growth keeps what is there, and names what is missing.`,
  "two statements": `// Says what is missing, and is repeated. Says what is wrong and has a code.`,
  "what without a second verb": `// What the resource owns on the ENI.`,
  "go with another meaning": `// The call may go on, may go to another host and has to go through the proxy.`,
  "in the way that": `// Signs in the way that the API expects.`,
  "a plain text": `test("update: a lost answer is not repeated", () => {}); // Because the API may have executed it.`,
};

for (const [name, program] of Object.entries(clean)) {
  test(`${name}: no finding`, () => assert.deepEqual(findPhrases("a.ts", program), []));
}

test("Markdown without a phrase: no finding", () => {
  assert.deepEqual(findPhrases("a.md", "# Title\n\nThe resource unassigns the address.\n"), []);
});

test("a finding: names file, line, phrase and replacement", () => {
  const problems = checkLanguage([["a.ts", "export {};\n\n// The ENI lets go of it.\n"]], []);
  assert.deepEqual(problems, ['a.ts:3: "lets go"; write instead: unassign, release, drop']);
});

test("a phrase across two lines of a comment: found at its first line", () => {
  const [finding] = findPhrases("a.ts", "/**\n * The old one lets\n * go of it.\n */\nexport {};\n");
  assert.deepEqual([finding.line, finding.phrase], [2, "lets go"]);
});

test("a phrase in a string inside a template: found once", () => {
  assert.equal(findPhrases("a.ts", 'const a = `${b ? "nobody" : ""} waits`;').length, 1);
});

test("a file or a folder of the exception list: skipped", () => {
  const files = [
    ["docs/errors.md", "nobody"],
    ["emulator/src/a.ts", "// nobody"],
  ];
  assert.deepEqual(checkLanguage(files, ["docs/errors.md", "emulator/"]), []);
});

test("an exception: does not cover names that only begin like it", () => {
  const files = [
    ["docs/errors.md", "nobody"],
    ["docs/errors.md.md", "nobody"],
  ];
  assert.equal(checkLanguage(files, ["docs/errors.md"]).length, 1);
});

test("an exception that is no longer needed: fails", () => {
  const problems = checkLanguage([["docs/errors.md", "clean"]], ["docs/errors.md"]);
  assert.equal(problems.length, 1);
  assert.match(problems[0], /exception docs\/errors\.md .*remove it/);
});

test("a file of another kind: not read", () => {
  assert.deepEqual(["a.ts", "a.mjs", "a.md", "a.py", "a.json", "LICENSE"].map(isRead), [
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
