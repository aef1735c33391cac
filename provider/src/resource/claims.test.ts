import { Claims } from "./claims";

let claims: Claims;
beforeEach(() => (claims = new Claims()));

test("nothing is claimed at the beginning", () => {
  expect(claims.on("eni-a")).toEqual([]);
  expect(claims.inheritedOn("eni-a")).toEqual([]);
});

test("claims of an ENI add up, in numerical order, each once", () => {
  claims.claim("eni-a", ["10.0.1.100", "10.0.1.20"]);
  claims.claim("eni-a", ["10.0.1.20", "10.0.1.3"]);
  claims.claim("eni-a", []);
  expect(claims.on("eni-a")).toEqual(["10.0.1.3", "10.0.1.20", "10.0.1.100"]);
});

test("another ENI's claims are its own: the same address may move from one to the other", () => {
  claims.claim("eni-a", ["10.0.1.20"]);
  expect(claims.on("eni-b")).toEqual([]);
});

test("what is inherited is not claimed, and the other way round", () => {
  claims.claim("eni-a", ["10.0.1.20"]);
  claims.inherit("eni-a", ["10.0.1.31", "10.0.1.30"]);
  expect(claims.on("eni-a")).toEqual(["10.0.1.20"]);
  expect(claims.inheritedOn("eni-a")).toEqual(["10.0.1.30", "10.0.1.31"]);
});

test("what a resource keeps is claimed until an operation of its own begins", () => {
  claims.keep("eni-a", ["edge"], ["10.0.1.20"]);
  claims.keep("eni-a", ["core"], ["10.0.1.20", "10.0.1.21"]);
  claims.keep("eni-b", ["edge"], ["10.0.1.22"]);
  expect(claims.on("eni-a")).toEqual(["10.0.1.20", "10.0.1.21"]);
  claims.letGo("eni-a", "core");
  expect(claims.on("eni-a")).toEqual(["10.0.1.20"]);
  claims.letGo("eni-a", "edge");
  claims.letGo("eni-c", "edge");
  expect(claims.on("eni-a")).toEqual([]);
  expect(claims.on("eni-b")).toEqual(["10.0.1.22"]);
});

test("what is kept under two names is let go of under either, and replaced by what is kept later", () => {
  claims.keep("eni-a", ["old name", "new name"], ["10.0.1.20"]);
  claims.letGo("eni-a", "old name");
  expect(claims.on("eni-a")).toEqual([]);
  claims.keep("eni-a", ["old name", "new name"], ["10.0.1.20"]);
  claims.keep("eni-a", ["new name"], ["10.0.1.21"]);
  expect(claims.on("eni-a")).toEqual(["10.0.1.21"]);
  claims.letGo("eni-a", "another one", "new name");
  expect(claims.on("eni-a")).toEqual([]);
});

test("an exclusive owner ends what unchecked ones keep, unless it is refused", () => {
  claims.keep("eni-a", ["old name"], ["10.0.1.20"]);
  claims.hold("eni-a", "core", "additive");
  claims.hold("eni-a", "edge", "exclusive");
  expect(claims.on("eni-a")).toEqual(["10.0.1.20"]);
  claims.keep("eni-b", ["old name"], ["10.0.1.20"]);
  claims.hold("eni-b", "edge", "exclusive");
  expect(claims.on("eni-b")).toEqual([]);
});

test("an ENI is held by the names that were checked for it", () => {
  claims.hold("eni-a", "edge", "additive");
  expect([
    claims.isHeld("eni-a", "edge"),
    claims.isHeld("eni-a", "core"),
    claims.isHeld("eni-b", "edge"),
  ]).toEqual([true, false, false]);
});

test("names that an object would have by itself are ENIs like any other", () => {
  expect(claims.on("constructor")).toEqual([]);
  claims.claim("__proto__", ["10.0.1.20"]);
  expect(claims.on("__proto__")).toEqual(["10.0.1.20"]);
});

describe("an exclusive owner", () => {
  test("is alone, however often it is checked", () => {
    expect(claims.hold("eni-a", "edge", "exclusive")).toBeUndefined();
    expect(claims.hold("eni-a", "edge", "exclusive")).toBeUndefined();
  });

  test.each([
    ["exclusive", "exclusive"],
    ["exclusive", "additive"],
    ["additive", "exclusive"],
  ] as const)("beside another one (%s and %s) learns of it, and the other one of it", (edge, core) => {
    claims.hold("eni-a", "edge", edge);
    expect(claims.hold("eni-a", "core", core)).toBe("edge");
    expect(claims.hold("eni-a", "edge", edge)).toBe("core");
  });

  test("shares its name, but no ENI, with nobody", () => {
    claims.hold("eni-a", "edge", "exclusive");
    expect(claims.hold("eni-b", "core", "exclusive")).toBeUndefined();
  });
});

test("additive owners get along, and an exclusive one is told of the first of them", () => {
  claims.hold("eni-a", "edge", "additive");
  expect(claims.hold("eni-a", "core", "additive")).toBeUndefined();
  expect(claims.hold("eni-a", "third", "exclusive")).toBe("edge");
});
