import type { FaultRule } from "./faults";
import { EmulatorOnManualClock } from "../testing/emulator-on-manual-clock";

const emulator = new EmulatorOnManualClock({
  seed: { networkInterfaces: [{ NetworkInterfaceId: "eni-1", PrivateIpAddress: "10.0.0.1" }] },
});
beforeEach(() => emulator.start());
afterEach(() => emulator.close());

const action = "AssignPrivateIpAddresses";
const params = { RegionId: "cn-hangzhou", NetworkInterfaceId: "eni-1", "PrivateIpAddress.1": "10.0.0.50" };

function answerWith(effect: Extract<FaultRule["effect"], { answer: unknown }>): void {
  emulator.control.addFault({ action, effect });
}

/** The answer to one call, as it came. */
const exchange = () => emulator.exchange(action, params);
const held = () => emulator.eni("eni-1")?.PrivateIpSets.PrivateIpSet.map((ip) => ip.PrivateIpAddress);

test.each([
  ["an error in a success", { status: 200, body: '{"Code":"Forbidden.RAM","Message":"no"}' }],
  ["a page of a proxy", { status: 502, contentType: "text/html", body: "<html>Bad Gateway</html>" }],
  ["no body", { status: 200, body: "" }],
  ["null", { status: 200, body: "null" }],
  ["half a document", { status: 200, body: '{"RequestId":"A' }],
])("%s is answered as it is written, and nothing is done", async (_, answer) => {
  answerWith({ answer });
  const contentType = "contentType" in answer ? answer.contentType : "application/json;charset=utf-8";
  expect(await exchange()).toEqual({ status: answer.status, contentType, text: answer.body });
  expect(held()).toEqual(["10.0.0.1"]);
  expect(emulator.control.calls()).toMatchObject([{ status: answer.status, code: null }]);
  expect((await exchange()).text).toContain("AssignedPrivateIpAddressesSet");
});

test.each([
  [true, ["10.0.0.1", "10.0.0.50"]],
  [false, ["10.0.0.1"]],
])("with done %s", async (done, expected) => {
  answerWith({ answer: { status: 200, body: "{}" }, done });
  expect(await exchange()).toMatchObject({ status: 200, text: "{}" });
  expect(held()).toEqual(expected);
});

test("a body that is cut ends before its announced length", async () => {
  answerWith({ answer: { status: 200, body: '{"RequestId":', cut: true } });
  await expect(exchange()).rejects.toThrow();
});

test.each([
  { answer: { status: 199, body: "" } },
  { answer: { status: 600, body: "" } },
  { answer: { status: 200 } },
  { answer: { status: 200, body: { Code: "Forbidden.RAM" } } },
  { answer: { status: 200, body: "", contentType: "text/html\r\nx: y" } },
  { answer: { status: 200, body: "", headers: {} } },
  { answer: { status: 200, body: "" }, done: "after" },
])("the effect %j is refused", (effect) => {
  expect(() => {
    answerWith(effect as never);
  }).toThrow(/^effect: must be one of .*\{"answer":\{status,contentType,body,cut\},"done":true\|false\}/);
});
