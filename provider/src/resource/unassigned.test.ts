import { Unassigned } from "./unassigned";

test("what was unassigned is remembered for its ENI until it is assigned again", () => {
  const unassigned = new Unassigned();
  expect(unassigned.from("eni-a")).toEqual([]);
  unassigned.add("eni-a", ["10.0.1.100", "10.0.1.21"]);
  unassigned.add("eni-a", ["10.0.1.21", "10.0.1.20"]);
  expect(unassigned.from("eni-a")).toEqual(["10.0.1.20", "10.0.1.21", "10.0.1.100"]);
  expect(unassigned.from("eni-b")).toEqual([]);
  unassigned.remove("eni-a", ["10.0.1.20", "10.0.1.99"]);
  unassigned.remove("eni-b", ["10.0.1.21"]);
  expect(unassigned.from("eni-a")).toEqual(["10.0.1.21", "10.0.1.100"]);
});
