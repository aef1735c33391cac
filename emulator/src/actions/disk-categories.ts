/** The categories of a system disk, in the order of RunInstances' documentation. */
export const diskCategories: readonly string[] = [
  "cloud_efficiency",
  "cloud_ssd",
  "cloud_essd",
  "cloud",
  "cloud_auto",
  "cloud_essd_entry",
];
