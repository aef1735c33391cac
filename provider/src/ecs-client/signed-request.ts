import { stringify } from "node:querystring";
import { OpenApiUtil } from "./alicloud-sdk";
import type { Product } from "./endpoints";

const versions: Readonly<Record<Product, string>> = {
  ecs: "2014-05-26",
  vpc: "2016-04-28",
  sts: "2015-04-01",
};

/** The keys that sign one request. @internal */
export interface Keys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Only of temporary keys. */
  readonly securityToken: string | undefined;
}

/** A call before it is signed. @internal */
export interface UnsignedRequest {
  readonly product: Product;
  readonly action: string;
  readonly query: Readonly<Record<string, unknown>>;
  /** The endpoint's host, which is a part of what is signed. */
  readonly host: string;
  readonly userAgent: string;
}

/** A signed call, as it goes over the wire. @internal */
export interface SignedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Signs a call with the SDK's functions: each product as its official client does. @internal */
export function signRequest(unsigned: UnsignedRequest, keys: Keys): SignedRequest {
  const { product, action, host, userAgent } = unsigned;
  const query = OpenApiUtil.query(unsigned.query);
  const headers: Record<string, string> = {
    host,
    "x-acs-version": versions[product],
    "x-acs-action": action,
    "user-agent": OpenApiUtil.getUserAgent(userAgent),
    accept: "application/json",
  };
  return product === "sts" ? signWithHmacSha1(query, headers, keys) : signWithAcs3(query, headers, keys);
}

/** https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature */
function signWithAcs3(
  query: Record<string, string>,
  headers: Record<string, string>,
  { accessKeyId, accessKeySecret, securityToken }: Keys,
): SignedRequest {
  const algorithm = "ACS3-HMAC-SHA256";
  const bodyHash = OpenApiUtil.hash(Buffer.alloc(0), algorithm).toString("hex");
  const signed = {
    ...headers,
    "x-acs-date": OpenApiUtil.getTimestamp(),
    "x-acs-signature-nonce": OpenApiUtil.getNonce(),
    "x-acs-content-sha256": bodyHash,
    ...(securityToken === undefined
      ? {}
      : { "x-acs-accesskey-id": accessKeyId, "x-acs-security-token": securityToken }),
  };
  const request = { method: "POST", pathname: "/", query, headers: signed };
  const authorization = OpenApiUtil.getAuthorization(
    request as unknown as Parameters<typeof OpenApiUtil.getAuthorization>[0],
    algorithm,
    bodyHash,
    accessKeyId,
    accessKeySecret,
  );
  return {
    path: `/?${stringify(query)}`,
    headers: { ...signed, Authorization: authorization },
  };
}

/** https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism */
function signWithHmacSha1(
  parameters: Record<string, string>,
  headers: Record<string, string>,
  { accessKeyId, accessKeySecret, securityToken }: Keys,
): SignedRequest {
  const query: Record<string, string> = {
    ...parameters,
    Action: headers["x-acs-action"] ?? "",
    Version: headers["x-acs-version"] ?? "",
    Format: "json",
    Timestamp: OpenApiUtil.getTimestamp(),
    SignatureNonce: OpenApiUtil.getNonce(),
    SignatureMethod: "HMAC-SHA1",
    SignatureVersion: "1.0",
    AccessKeyId: accessKeyId,
    ...(securityToken === undefined ? {} : { SecurityToken: securityToken }),
  };
  const signature = OpenApiUtil.getRPCSignature(query, "POST", accessKeySecret);
  return { path: `/?${stringify({ ...query, Signature: signature })}`, headers };
}
