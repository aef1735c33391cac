import assert from "node:assert/strict";
import test from "node:test";
import { licenceSection, noticeOf, packagesOf } from "./bundle-sdk.mjs";

const one = { name: "one", version: "1.0.0", licence: "MIT", text: "Copyright One\r\nAs is.\r\n" };
const two = { name: "@scope/two", version: "2.0.0", licence: "Apache License 2.0", text: undefined };

test("packages: a nested one is a package of its own, files of the project are none", () => {
  const files = [
    "node_modules/one/lib/a.js",
    "node_modules/one/lib/b.js",
    "node_modules/one/node_modules/@scope/two/index.js",
    "provider/src/ecs-client/alicloud-sdk.ts",
  ];
  assert.deepEqual(packagesOf(files), ["node_modules/one", "node_modules/one/node_modules/@scope/two"]);
});

test("notice: does not depend on the order of the packages, nor on copies of one", () => {
  assert.equal(noticeOf([one, two, one], "sdk.js"), noticeOf([two, one], "sdk.js"));
});

test("notice: has the text of a licence, or says that there is none", () => {
  const notice = noticeOf([one, two], "sdk.js");
  assert.match(notice, /^The file sdk\.js contains the packages below\./);
  assert.match(notice, /^one 1\.0\.0 \(MIT\)\n\nCopyright One\nAs is\.$/m);
  assert.match(
    notice,
    /^@scope\/two 2\.0\.0 \(Apache-2\.0\)\n\nThe package has no text of its licence: see the file LICENSE/m,
  );
});

test("notice: an unknown licence ends the build", () => {
  for (const licence of ["GPL-3.0", undefined])
    assert.throws(
      () => noticeOf([{ ...one, licence }], "sdk.js"),
      /one 1\.0\.0 would be bundled, and its licence is/,
    );
});

test("the licence's section of a README ends at the next heading or link", () => {
  assert.equal(licenceSection("# x\n\n## License\n\nMIT.\n\n## More\n"), "\nMIT.\n\n");
  assert.equal(
    licenceSection("x\n\nLicense\n-------\n\n(The MIT License)\n\n[a]: b\n"),
    "\n(The MIT License)\n\n",
  );
  assert.equal(licenceSection("## The MIT License\nMIT."), undefined);
  assert.equal(licenceSection("# x\n\nNothing\n"), undefined);
});
