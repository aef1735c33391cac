import { jsonList } from "./id-lists";
import type { Instance } from "../world/resources";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { bothWaysOfPaging, pageRequest, sortedById } from "./paging";

/**
 * Lists disks: the system disk of every instance.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describedisks
 */
export const describeDisks: Action = {
  name: "DescribeDisks",
  product: "ecs",
  parameters: [
    documented("RegionId", "InstanceId", "DiskIds"),
    bothWaysOfPaging,
    simplified("DiskType", "`data` lists nothing"),
    ignored(
      "AdditionalAttributes.N",
      "AutoSnapshotPolicyId",
      "Category",
      "DeleteAutoSnapshot",
      "DeleteWithInstance",
      "DiskChargeType",
      "DiskName",
      "DryRun",
      "EnableAutoSnapshot",
      "EnableAutomatedSnapshotPolicy",
      "EnableShared",
      "Encrypted",
      "Filter.N",
      "KMSKeyId",
      "LockReason",
      "MultiAttach",
      "Portable",
      "ResourceGroupId",
      "SnapshotId",
      "Status",
      "Tag.N.Key",
      "Tag.N.Value",
      "ZoneId",
    ),
  ],
  differs: ["the system disk of every instance; no data disks"],

  prepare(parameters, behaviour) {
    const region = parameters.region();
    const id = parameters.text("InstanceId");
    const disks = jsonList(parameters, "DiskIds");
    const hasSystemDisks = parameters.choice("DiskType", ["all", "system", "data"]) !== "data";
    const page = pageRequest(parameters, behaviour, { min: 10, max: 500 });
    return {
      perform(world) {
        const idOf = (instance: Instance) => instance.InstanceId;
        const candidates = (
          id === undefined ? [...world.resources.instances.values()] : world.resources.instances.named([id])
        ).filter((instance) => hasSystemDisks && (disks?.has(systemDiskId(instance)) ?? true));
        const { items, fields } = page(
          sortedById(candidates, idOf).filter((instance) => instance.RegionId === region),
          idOf,
        );
        return { ...fields, Disks: { Disk: items.map(view) } };
      },
    };
  },
};

function systemDiskId({ InstanceId }: Instance): string {
  return InstanceId.replace(/^i-/, "d-");
}

function view(instance: Instance): object {
  return {
    DiskId: systemDiskId(instance),
    ...instance.SystemDisk,
    Type: "system",
    Status: "In_use",
    Device: "/dev/xvda",
    InstanceId: instance.InstanceId,
    ImageId: instance.ImageId,
    RegionId: instance.RegionId,
    ZoneId: instance.ZoneId,
    CreationTime: instance.CreationTime,
    AttachedTime: instance.CreationTime,
    DiskChargeType: "PostPaid",
    DeleteWithInstance: true,
    DeleteAutoSnapshot: true,
    EnableAutoSnapshot: true,
    EnableAutomatedSnapshotPolicy: false,
    AutoSnapshotPolicyId: "",
    Encrypted: false,
    KMSKeyId: "",
    Portable: false,
    MultiAttach: "Disabled",
    ResourceGroupId: "",
    SourceSnapshotId: "",
    Tags: { Tag: [] },
  };
}
