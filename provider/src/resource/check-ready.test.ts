import type { EcsPort, NetworkInterface } from "../ecs/port";
import { networkInterface } from "../testing/network-interface";
import { Deadline } from "../shared/deadline";
import { checkReady } from "./check-ready";
import { NotReadyYet, OperationError } from "./operation-error";
import { eniStatusRule, eniStatusRuleForDelete, type StatusRule } from "./statuses";

const eni = networkInterface({ type: "Primary" });

let asked: string[];
beforeEach(() => (asked = []));

/** A cloud in which every instance has this status; with none, there is no instance. */
function check(
  seen: Partial<NetworkInterface>,
  instanceStatus?: string,
  rule: StatusRule = eniStatusRule,
): Promise<void> {
  const cloud = {
    region: "cn-hangzhou",
    describeInstanceStatus: (instanceId: string) => {
      asked.push(instanceId);
      return Promise.resolve(instanceStatus);
    },
  } as Partial<EcsPort> as EcsPort;
  return checkReady(cloud, { ...eni, ...seen }, rule, Deadline.after(1_000));
}

test.each(["Running", "Stopped"])("a primary ENI is ready while its instance is %s", async (status) => {
  await expect(check({}, status)).resolves.toBeUndefined();
  expect(asked).toEqual(["i-1"]);
});

test.each<[string, Partial<NetworkInterface>]>([
  ["secondary", { type: "Secondary" }],
  ["attached to nothing", { status: "Available", instanceId: undefined }],
])("of an ENI that is %s, no instance is asked for", async (_what, seen) => {
  await expect(check(seen, "Stopping")).resolves.toBeUndefined();
  expect(asked).toEqual([]);
});

test("a status that is passing is waited out, with the status seen and those accepted in the words", async () => {
  const starting = check({}, "Starting");
  await expect(starting).rejects.toThrow(NotReadyYet);
  await expect(starting).rejects.toThrow(
    "instance i-1, whose primary ENI is eni-x, is Starting; waiting until it is Running or Stopped",
  );
  await expect(check({ status: "Attaching" })).rejects.toThrow(
    "ENI eni-x is Attaching; waiting until it is Available or InUse",
  );
  expect(asked).toEqual(["i-1"]);
});

test("a status that is final ends the operation, and says what to do", async () => {
  const deleting = check({ status: "Deleting" });
  await expect(deleting).rejects.toThrow(OperationError);
  await expect(deleting).rejects.toThrow(
    "ENI eni-x is Deleting, and its addresses can change only while it is Available or InUse; bring it into one of these " +
      "states and run `pulumi up` again",
  );
  await expect(check({ status: "Deleting" }, "Running", eniStatusRuleForDelete)).rejects.toThrow(NotReadyYet);
  await expect(check({ status: "" })).rejects.toThrow("ENI eni-x is in no known status, and its addresses");
});

test("an instance that does not exist ends the operation", async () => {
  const gone = check({}, undefined);
  await expect(gone).rejects.toThrow(OperationError);
  await expect(gone).rejects.toThrow(
    "instance i-1, whose primary ENI is eni-x, does not exist in region cn-hangzhou",
  );
});
