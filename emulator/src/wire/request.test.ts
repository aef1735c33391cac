import { readRequest } from "./request";

const form = { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" };
const read = (query: string, headers: Record<string, string> = {}, body = "") =>
  readRequest({
    method: "POST",
    url: new URL(`http://emulator.invalid/?${query}`),
    headers,
    body: Buffer.from(body),
  });

test("query and form are merged, and the form wins, as clients sign it", () => {
  expect(read("A=query&B=query", form, "A=form&C=form").params).toEqual({ A: "form", B: "query", C: "form" });
});

test("a body that is no form has no parameters", () => {
  expect(read("A=1", { "content-type": "application/json" }, '{"B":2}').params).toEqual({ A: "1" });
  expect(read("A=1", {}, "B=2").params).toEqual({ A: "1" });
});

test.each([
  ["the header, with ACS3", { authorization: "ACS3-HMAC-SHA256 …" }, "InHeader"],
  ["the parameter, with the older signature", {}, "InParameter"],
])("the action is that of %s", (_, headers, action) => {
  const given = read("Action=InParameter&Version=2", {
    "x-acs-action": "InHeader",
    "x-acs-version": "",
    ...headers,
  });
  expect(given).toMatchObject({ action, version: "2", params: {} });
});
