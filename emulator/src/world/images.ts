/** A public image, in the field names of DescribeImages. */
export interface Image {
  readonly ImageId: string;
  readonly ImageName: string;
  readonly ImageFamily: string;
  readonly OSName: string;
  readonly OSType: "linux" | "windows";
  readonly Platform: string;
  readonly Architecture: "x86_64" | "arm64";
  readonly CreationTime: string;
}

const image = (
  id: string,
  family: string,
  OSName: string,
  Platform: string,
  OSType: Image["OSType"] = "linux",
): Image => ({
  ImageId: id,
  ImageName: id,
  ImageFamily: family,
  OSName,
  OSType,
  Platform,
  Architecture: id.includes("arm64") ? "arm64" : "x86_64",
  CreationTime: "2024-08-19T00:00:00Z",
});

/** Images whose ids have the form of public ones. The cloud replaces its own every few weeks. */
export const images: readonly Image[] = [
  image(
    "aliyun_3_x64_20G_alibase_20240819.vhd",
    "acs:alibaba_cloud_linux_3_2104_lts_x64",
    "Alibaba Cloud Linux 3.2104 LTS 64bit",
    "Aliyun",
  ),
  image(
    "aliyun_3_arm64_20G_alibase_20240819.vhd",
    "acs:alibaba_cloud_linux_3_2104_lts_arm64",
    "Alibaba Cloud Linux 3.2104 LTS 64bit ARM",
    "Aliyun",
  ),
  image("ubuntu_22_04_x64_20G_alibase_20240819.vhd", "acs:ubuntu_22_04_x64", "Ubuntu 22.04 64bit", "Ubuntu"),
  image("ubuntu_24_04_x64_20G_alibase_20240819.vhd", "acs:ubuntu_24_04_x64", "Ubuntu 24.04 64bit", "Ubuntu"),
  image("debian_12_6_x64_20G_alibase_20240819.vhd", "acs:debian_12_6_x64", "Debian 12.6 64bit", "Debian"),
  image(
    "win2022_21H2_x64_dtc_en-us_40G_alibase_20240819.vhd",
    "acs:windows_2022_dc_x64_en-us",
    "Windows Server 2022 Datacenter 64bit",
    "Windows Server 2022",
    "windows",
  ),
];
