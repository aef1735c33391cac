import { compare, differences, lost } from "./judge";
import type { Logged, Manners } from "./judge";
import type { Step } from "./story";

const plain: Manners = {
  refusal: (error) => ({
    status: Number(error.status),
    code: String(error.code),
    message: String(error.message),
    requestId: String(error.requestId),
  }),
};

const asked: Step = { step: "asked", api: "ecs", call: "DescribeRegions", answers: { Total: 1 } };
const refused: Step = {
  step: "refused",
  api: "ecs",
  call: "StartInstance",
  fails: [404, "No", "not {what}"],
};
const log: Logged[] = [
  { action: "DescribeRegions", status: 200, code: null, requestId: "A" },
  { action: "StartInstance", status: 404, code: "No", requestId: "B" },
];
const wellTold = { step: "asked", answer: { RequestId: "A", Total: 1, More: 2 } };
const error = { code: "No", status: 404, message: "not {what}", requestId: "B" };

test("finds nothing where all is as it should be", () => {
  expect(differences([asked, refused], [wellTold, { step: "refused", error }], log, plain)).toEqual([]);
});

test.each([
  [
    "an answer that differs",
    [{ ...wellTold, answer: { RequestId: "A", Total: 2 } }],
    /answer.Total is 2, not 1/,
  ],
  [
    "a RequestId that the emulator has not given",
    [{ ...wellTold, answer: { Total: 1 } }],
    /undefined for its Req/,
  ],
  ["an error in its place", [{ step: "asked", error }], /failed:/],
  ["a step that was left out", [{ step: "refused", error }], /the driver has not told it/],
  ["nothing at all", [], /the driver has not told it/],
  ["too much", [wellTold, wellTold], /1 lines too many/],
])("finds %s", (_, told, what) => {
  expect(differences([asked], told, log, plain)).toEqual([expect.stringMatching(what)]);
});

test.each([
  ["code", { code: "Nein" }],
  ["status", { status: 400 }],
  ["message", { message: "not that" }],
])("finds an error with another %s", (key, change) => {
  const told = [{ step: "refused", error: { ...error, ...change } }];
  expect(differences([refused], told, log, plain)).toEqual([expect.stringContaining(`error.${key} is`)]);
});

test("finds an answer where there should be an error", () => {
  const told = [{ step: "refused", answer: { RequestId: "B" } }];
  expect(differences([refused], told, log, plain)).toEqual([expect.stringContaining("did not fail")]);
});

test.each([
  ["a list of another length", [1], [1, 2]],
  ["a list in another order", [1, 2], [2, 1]],
  ["a list of other length", { $length: 1 }, []],
  ["a list without it", { $includes: [{ Id: "b" }] }, [{ Id: "a" }]],
  ["another beginning", { $begins: "the" }, "a the"],
  ["another form", { $like: "^eni-" }, "vpc-1"],
  ["a text for a number", 1, "1"],
  ["an element for its list", ["a"], "a"],
  ["nothing for an object", { A: [] }, ""],
])("tells %s from what is expected", (_, expected, seen) => {
  expect(compare(expected, seen, "it", false)).not.toEqual([]);
});

test.each([
  ["a number", 1, "1"],
  ["true", true, "true"],
  ["a list of one", [{ A: 1 }], { A: "1" }],
  ["an empty list", { A: [] }, ""],
])("takes the text for %s where a client reads no types", (_, expected, seen) => {
  expect(compare(expected, seen, "it", true)).toEqual([]);
  expect(compare(expected, seen, "it", false)).not.toEqual([]);
});

test("finds what a type does not know, and what it takes for something else", () => {
  const raw = { RequestId: "A", Known: { List: [{ Id: "a", Odd: 1 }], Long: "12" }, Odd: "", All: [1, 2] };
  const typed = { RequestId: "B", Known: { List: [{ Id: "b" }], Long: 12 }, More: 0, All: [1] };
  expect(lost(raw, typed, "it")).toEqual([
    'it.Known.List[].Id is "b", not "a"',
    "it.Known.List[].Odd is lost",
    "it.Odd is lost",
    "it.All has 1 elements, not 2",
  ]);
  expect(lost(typed, typed, "it")).toEqual([]);
});
