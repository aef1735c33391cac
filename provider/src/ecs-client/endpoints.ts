import { Address4, Address6 } from "ip-address";
import type { Proxy } from "./proxies";

/** The products whose APIs the provider calls. @internal */
export type Product = "ecs" | "vpc" | "sts";

/** The address of a product's API. @internal */
export interface Endpoint {
  /** `host` or `host:port`, without a scheme, because the SDK takes no URL. */
  readonly host: string;
  readonly protocol: "http" | "https";
  /** The proxy on the way; none to a loopback host. */
  readonly proxy?: Proxy | undefined;
}

/** An unusable endpoint. The message contains its source, its value and what is allowed. @internal */
export class EndpointError extends Error {
  override readonly name = "EndpointError";
}

/**
 * Public regions whose endpoints do not follow the rule, from the endpoint tables of the official clients
 * `@alicloud/ecs20140526` 7.11.6, `@alicloud/vpc20160428` 7.3.2 and `@alicloud/sts20150401`. For ECS in cn-hangzhou, the newer page of endpoints follows the rule:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-endpoint
 */
const exceptions: Readonly<Record<string, Readonly<Partial<Record<Product, string>>>>> = {
  "cn-hangzhou": { vpc: "vpc.aliyuncs.com" },
  "cn-hangzhou-finance": { ecs: "ecs.aliyuncs.com", vpc: "vpc.aliyuncs.com", sts: "sts.aliyuncs.com" },
  "cn-shanghai-finance-1": { ecs: "ecs-cn-hangzhou.aliyuncs.com", vpc: "vpc.aliyuncs.com" },
  "cn-shenzhen-finance-1": {
    ecs: "ecs-cn-hangzhou.aliyuncs.com",
    vpc: "vpc.aliyuncs.com",
    sts: "sts-vpc.cn-shenzhen-finance-1.aliyuncs.com",
  },
  "cn-beijing-gov-1": { ecs: "ecs.aliyuncs.com", vpc: "vpc.aliyuncs.com", sts: "sts.aliyuncs.com" },
  "cn-north-2-gov-1": {
    ecs: "ecs.aliyuncs.com",
    vpc: "vpc.aliyuncs.com",
    sts: "sts-vpc.cn-north-2-gov-1.aliyuncs.com",
  },
};

/** The public endpoint of a product in a region. @internal */
export function publicEndpoint(product: Product, region: string): Endpoint {
  const exception = Object.hasOwn(exceptions, region) ? exceptions[region] : undefined;
  return { host: exception?.[product] ?? `${product}.${region}.aliyuncs.com`, protocol: "https" };
}

/**
 * Parses an endpoint that the user has set: `host`, `host:port` or a URL. Without a scheme, a loopback host means plain
 * http, because the emulator speaks it. Every other host means https.
 *
 * @param source - the setting that contains the text, for the message
 * @throws EndpointError for anything but a host, and for plain http to a host that is not loopback: requests contain
 *   signatures and addresses
 * @internal
 */
export function parseEndpoint(text: string, source: string): Endpoint {
  // The parser of URLs drops line breaks and tabs without an error.
  const url = /\s/.test(text.trim()) ? undefined : parseHostOrUrl(text.trim());
  const plain =
    url !== undefined &&
    ["http:", "https:"].includes(url.protocol) &&
    url.hostname !== "" &&
    ["", "/"].includes(url.pathname) &&
    `${url.search}${url.hash}${url.username}${url.password}` === "";
  if (!plain) {
    throw new EndpointError(
      `${source}: ${JSON.stringify(hideLogin(text))} is not an endpoint; expected host, host:port, or a URL such as ` +
        `https://ecs.cn-shanghai.aliyuncs.com or http://127.0.0.1:8080`,
    );
  }
  const protocol = url.protocol === "http:" ? "http" : "https";
  if (protocol === "http" && !isLoopback(url.hostname)) {
    throw new EndpointError(
      `${source}: "${text}" is plain http to a host that is not loopback; use https, or http only for an emulator ` +
        `on 127.0.0.1, [::1] or localhost`,
    );
  }
  return { host: url.host, protocol };
}

/**
 * The text without the user and the password of a URL. A password may contain every sign that ends it in a URL, so everything
 * before the last `@` is hidden.
 * @internal
 */
export function hideLogin(text: string): string {
  return text.replace(/^(\s*[a-z][a-z0-9+.-]*:\/\/)?[^]*@/i, "$1[hidden]@");
}

function parseHostOrUrl(text: string): URL | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return tryUrl(text);
  const asHttps = tryUrl(`https://${text}`);
  return asHttps !== undefined && isLoopback(asHttps.hostname) ? tryUrl(`http://${text}`) : asHttps;
}

function tryUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** Whether the host is this machine. @internal */
export function isLoopback(hostname: string): boolean {
  if (hostname === "localhost") return true;
  const bare = hostname.replace(/^\[|\]$/g, "");
  if (Address4.isValid(bare)) return new Address4(bare).isInSubnet(new Address4("127.0.0.0/8"));
  return Address6.isValid(bare) && new Address6(bare).isLoopback();
}
