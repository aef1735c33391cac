import { images } from "../world/images";
import type { Image } from "../world/images";
import type { Action } from "./action";
import { documented, ignored, simplified } from "./conformance";
import { wildcard } from "./filters";
import { numberedPage, sortedById } from "./paging";

/**
 * Lists public images.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeimages
 */
export const describeImages: Action = {
  name: "DescribeImages",
  product: "ecs",
  parameters: [
    documented("RegionId", "OSType", "Architecture", "ImageFamily", "PageNumber", "PageSize"),
    simplified("ImageId", "up to 100 ids of the list; RunInstances takes any other one too"),
    simplified("ImageName", "exact, or with asterisks"),
    simplified("ImageOwnerAlias", "all images are `system` ones"),
    simplified("Status", "all images are `Available`"),
    ignored(
      "ActionType",
      "DryRun",
      "Filter.N",
      "ImageOwnerId",
      "InstanceType",
      "IsPublic",
      "IsSupportCloudinit",
      "IsSupportIoOptimized",
      "ResourceGroupId",
      "ShowExpired",
      "SnapshotId",
      "Tag.N.Key",
      "Tag.N.Value",
      "Usage",
    ),
  ],
  differs: ["a few public images, the same in every region"],

  prepare(parameters) {
    const region = parameters.region();
    const ids = parameters.text("ImageId")?.split(",");
    const name = parameters.text("ImageName");
    const hasName = name === undefined ? undefined : wildcard(name);
    const exact: readonly (readonly [string | undefined, (image: Image) => string])[] = [
      [parameters.choice("OSType", ["linux", "windows"]), (image) => image.OSType],
      [parameters.text("Architecture"), (image) => image.Architecture],
      [parameters.text("ImageFamily"), (image) => image.ImageFamily],
      [parameters.text("ImageOwnerAlias"), () => "system"],
    ];
    const statuses = parameters.text("Status")?.split(",") ?? ["Available"];
    const page = numberedPage(parameters, 100);
    return {
      perform() {
        const idOf = (image: Image) => image.ImageId;
        const found = images.filter(
          (image) =>
            (ids?.includes(image.ImageId) ?? true) &&
            (hasName?.(image.ImageName) ?? true) &&
            statuses.includes("Available") &&
            exact.every(([wanted, of]) => wanted === undefined || of(image) === wanted),
        );
        const { items, fields } = page(sortedById(found, idOf), idOf);
        return { RegionId: region, ...fields, Images: { Image: items.map(view) } };
      },
    };
  },
};

function view(image: Image): object {
  return {
    ...image,
    ImageOwnerAlias: "system",
    Status: "Available",
    Progress: "100%",
    Size: 20,
    Description: "",
    ImageVersion: "",
    Usage: "instance",
    ProductCode: "",
    IsCopied: false,
    IsPublic: true,
    IsSubscribed: false,
    IsSelfShared: "",
    IsSupportCloudinit: true,
    IsSupportIoOptimized: true,
    OSNameEn: image.OSName,
    DiskDeviceMappings: { DiskDeviceMapping: [] },
    Tags: { Tag: [] },
  };
}
