import OpenApi, { $OpenApiUtil, OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import type { Key } from "./settings";

export type Api = "ecs" | "vpc" | "sts";
export type Body = Readonly<Record<string, unknown>>;

/** An answer as it came, success or error. */
export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/** Makes one call. Throws only if there is no answer. */
export type Caller = (api: Api, action: string, parameters: Body, key?: Partial<Key>) => Promise<Answer>;

const versions = { ecs: "2014-05-26", vpc: "2016-04-28", sts: "2015-04-01" };

/**
 * The vendor's generic client: its signature, and answers without a model, so that no field is lost.
 * @param endpoints - host and port by product
 */
export function callerOf(
  endpoints: Readonly<Record<Api, { readonly host: string; readonly protocol: "http" | "https" }>>,
  region: string,
  own: Key,
): Caller {
  return async (api, action, parameters, key = {}) => {
    const { host, protocol } = endpoints[api];
    const client = new OpenApi(
      new $OpenApiUtil.Config({ ...own, ...key, regionId: region, endpoint: host, protocol }),
    );
    const params = new $OpenApiUtil.Params({
      ...{ action, version: versions[api], protocol: protocol.toUpperCase(), pathname: "/", method: "POST" },
      ...{ authType: "AK", style: "RPC", reqBodyType: "formData", bodyType: "json" },
    });
    const request = new $OpenApiUtil.OpenApiRequest({ query: OpenApiUtil.query({ ...parameters }) });
    const runtime = new RuntimeOptions({ autoretry: false, connectTimeout: 10_000, readTimeout: 60_000 });
    try {
      const { body, statusCode } = (await client.callApi(params, request, runtime)) as {
        body: Body;
        statusCode: number;
      };
      return { status: statusCode, body };
    } catch (thrown) {
      const { statusCode, data } = thrown as { statusCode?: number; data?: Body };
      if (statusCode === undefined || data === undefined) throw thrown;
      const { statusCode: _added, ...body } = data;
      return { status: statusCode, body };
    }
  };
}

/** An answer that has to be a success. */
export async function succeed(answer: Promise<Answer>, what: string): Promise<Body> {
  const { status, body } = await answer;
  if (status !== 200) throw new Error(`${what}: ${status} ${String(body.Code)}: ${String(body.Message)}`);
  return body;
}
