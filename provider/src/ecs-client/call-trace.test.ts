import { EcsError } from "../ecs/ecs-error";
import { CallTrace } from "./call-trace";

const mockLines: string[] = [];
let mockEnabled = true;
jest.mock("../shared/trace", () => ({
  traceCalls: Object.defineProperty(
    (format: string, ...values: unknown[]) => {
      let next = 0;
      mockLines.push(format.replace(/%[sd]/g, () => String(values[next++])));
    },
    "enabled",
    { get: () => mockEnabled },
  ),
}));

const action = "AssignPrivateIpAddresses";
const refusal = new EcsError({
  action,
  code: "Throttling.User",
  httpStatus: 400,
  requestId: "R-2",
  verdict: "throttled",
  reason: "StringToSign contains a secret",
});

beforeEach(() => {
  mockEnabled = true;
  mockLines.length = 0;
});

/** The traced lines, without their durations. */
const lines = () => mockLines.map((line) => line.replace(/\d+ ms/, "N ms"));

test.each([
  [
    { NetworkInterfaceId: "eni-x", PrivateIpAddress: ["10.0.1.20", "10.0.1.21"] },
    "eni-x 10.0.1.20,10.0.1.21",
  ],
  [{ NetworkInterfaceId: "eni-x", Ipv4Prefix: ["10.0.1.16/28"], ClientToken: "t" }, "eni-x 10.0.1.16/28"],
  [
    { NetworkInterfaceId: "eni-x", SecondaryPrivateIpAddressCount: 3 },
    "eni-x SecondaryPrivateIpAddressCount=3",
  ],
  [{ NetworkInterfaceId: ["eni-x"], MaxResults: 10 }, "eni-x"],
  [{ NetworkInterfaceId: ["eni-x", "eni-y"] }, "2 ENIs"],
  [{ VpcId: "vpc-1", NextToken: undefined }, "vpc-1"],
  [{ InstanceId: ["i-1"] }, "i-1"],
])("begin: the query %j appears as %s", (query, shown) => {
  new CallTrace().begin(action, query).succeeded("R-1");
  expect(lines()).toEqual([`${action} ${shown}, attempt 1: ok, N ms, RequestId R-1`]);
});

test("succeeded: an answer without a RequestId shows none", () => {
  new CallTrace().begin(action, {}).succeeded(undefined);
  expect(lines()).toEqual([`${action}, attempt 1: ok, N ms`]);
});

test("failed: the line contains codes only, and the next attempt has the next number until a success", () => {
  const trace = new CallTrace();
  const query = { NetworkInterfaceId: "eni-x" };
  trace.begin(action, query).failed(refusal);
  trace.begin(action, query).succeeded(undefined);
  trace.begin(action, query).succeeded(undefined);
  expect(lines()).toEqual([
    `${action} eni-x, attempt 1: Throttling.User, HTTP 400 (throttled), N ms, RequestId R-2`,
    `${action} eni-x, attempt 2: ok, N ms`,
    `${action} eni-x, attempt 1: ok, N ms`,
  ]);
});

test("begin: without debug output, nothing is traced", () => {
  mockEnabled = false;
  const traced = new CallTrace().begin(action, {});
  traced.failed(refusal);
  traced.succeeded(undefined);
  expect(lines()).toEqual([]);
});
