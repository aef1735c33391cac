/** A region, as DescribeRegions has it. */
export interface Region {
  readonly id: string;
  readonly name: string;
  readonly chineseName: string;
  readonly endpoint: string;
}

/**
 * Id, English and Chinese name: the page "Regions and zones" of the ECS documentation.
 *
 * @see https://www.alibabacloud.com/help/en/ecs/product-overview/regions-and-zones
 */
const named: readonly (readonly [id: string, name: string, chineseName: string])[] = [
  ["cn-qingdao", "China (Qingdao)", "华北1（青岛）"],
  ["cn-beijing", "China (Beijing)", "华北2（北京）"],
  ["cn-zhangjiakou", "China (Zhangjiakou)", "华北3（张家口）"],
  ["cn-huhehaote", "China (Hohhot)", "华北5（呼和浩特）"],
  ["cn-wulanchabu", "China (Ulanqab)", "华北6（乌兰察布）"],
  ["cn-hangzhou", "China (Hangzhou)", "华东1（杭州）"],
  ["cn-shanghai", "China (Shanghai)", "华东2（上海）"],
  ["cn-shenzhen", "China (Shenzhen)", "华南1（深圳）"],
  ["cn-heyuan", "China (Heyuan)", "华南2（河源）"],
  ["cn-guangzhou", "China (Guangzhou)", "华南3（广州）"],
  ["cn-chengdu", "China (Chengdu)", "西南1（成都）"],
  ["cn-hongkong", "China (Hong Kong)", "中国香港"],
  ["ap-northeast-1", "Japan (Tokyo)", "日本（东京）"],
  ["ap-northeast-2", "South Korea (Seoul)", "韩国（首尔）"],
  ["ap-southeast-1", "Singapore", "新加坡"],
  ["ap-southeast-3", "Malaysia (Kuala Lumpur)", "马来西亚（吉隆坡）"],
  ["ap-southeast-5", "Indonesia (Jakarta)", "印度尼西亚（雅加达）"],
  ["ap-southeast-6", "Philippines (Manila)", "菲律宾（马尼拉）"],
  ["ap-southeast-7", "Thailand (Bangkok)", "泰国（曼谷）"],
  ["us-east-1", "US (Virginia)", "美国（弗吉尼亚）"],
  ["us-west-1", "US (Silicon Valley)", "美国（硅谷）"],
  ["eu-west-1", "UK (London)", "英国（伦敦）"],
  ["eu-central-1", "Germany (Frankfurt)", "德国（法兰克福）"],
  ["me-east-1", "UAE (Dubai)", "阿联酋（迪拜）"],
];

/** The regions that DescribeRegions lists. One has an endpoint of an older form, as the SDK's own table has it. */
export const regions: readonly Region[] = named.map(([id, name, chineseName]) => ({
  id,
  name,
  chineseName,
  endpoint: id === "cn-hangzhou" ? "ecs-cn-hangzhou.aliyuncs.com" : `ecs.${id}.aliyuncs.com`,
}));

/**
 * Whether a text names a zone of a region: `cn-hangzhou-h`, and `ap-southeast-1a` where the region ends in a number. The
 * letters that a region has change over time, and are not checked.
 */
export function isZoneOf(region: string, zone: string): boolean {
  return zone.startsWith(region) && /^-?[a-z]$/.test(zone.slice(region.length));
}

/** Zones of a region: three, of which the real ones have more or fewer. */
export function zonesOf(region: string): string[] {
  return ["a", "b", "c"].map((letter) => `${region}${/\d$/.test(region) ? "" : "-"}${letter}`);
}
