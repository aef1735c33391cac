import { readFileSync } from "node:fs";
import path from "node:path";

const code = readFileSync(path.join(__dirname, "openapi-ecs.ts"), "utf8");
const page = readFileSync(path.resolve(__dirname, "../../../docs/ram-policy.md"), "utf8");

/** The API actions that the client calls. */
const called = new Set(
  [...code.matchAll(/"((?:Describe|Assign|Unassign|Get)[A-Z]\w+)"/g)].map(([, action]) => action),
);

/** Without its product, because ECS and VPC have one action of the same name. */
const actionsOf = (permissions: readonly string[]) => new Set(permissions.map((one) => one.split(":")[1]));

test("docs/ram-policy.md: the policy allows the actions that the client calls, and no others", () => {
  const [, json = ""] = /```json\n([^]*?)```/.exec(page) ?? [];
  const policy = JSON.parse(json) as { Statement: { Action: string[] }[] };
  const allowed = policy.Statement.flatMap(({ Action }) => Action);
  // STS answers this call without a permission.
  expect(actionsOf([...allowed, "sts:GetCallerIdentity"])).toEqual(called);
  expect(allowed).toEqual(expect.arrayContaining(["vpc:DescribeVSwitches", "ecs:DescribeVSwitches"]));
});

test("docs/ram-policy.md: the table explains every action", () => {
  const explained = [...page.matchAll(/^\| `(\w+:\w+)`/gm)].map(([, permission = ""]) => permission);
  expect(actionsOf(explained)).toEqual(called);
});
