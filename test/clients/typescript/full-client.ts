import Ecs, * as ecs from "@alicloud/ecs20140526";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import Vpc, * as vpc from "@alicloud/vpc20160428";
import { cast } from "@darabonba/typescript";
import type { Model } from "@darabonba/typescript";
import type { Caller, Parameters } from "./outcome";

const apis = { ecs: { Client: Ecs, types: ecs }, vpc: { Client: Vpc, types: vpc } };

/** `assignIpv6Addresses` for `AssignIpv6Addresses`, as the clients name their methods. */
const methodName = (action: string) => action.slice(0, 1).toLowerCase() + action.slice(1);

/**
 * Calls the client's own method with its own type for the request, both found by the names that they always have; the
 * request is made of the API's names, and the answer is told in them.
 */
async function callTyped(
  api: keyof typeof apis,
  action: string,
  parameters: Parameters,
  config: $OpenApiUtil.Config,
): Promise<unknown> {
  const { Client, types } = apis[api];
  const client: object = new Client(config);
  const request: unknown = Reflect.get(types, `${action}Request`);
  const method: unknown = Reflect.get(client, methodName(action));
  if (typeof request !== "function" || typeof method !== "function")
    throw new Error(`the client of ${api} has no ${action}`);
  const typed = cast(parameters, Reflect.construct(request, []) as Model);
  const { body } = (await Reflect.apply(method, client, [typed])) as { body?: Model };
  // The model that the client has made of the answer, not the answer itself.
  return body?.toMap();
}

/** The full clients, with a type for each request and answer: ACS3. */
export function fullClient(endpoint: string): Caller {
  return async (api, action, parameters, credentials) => {
    const config = new $OpenApiUtil.Config({
      ...credentials,
      regionId: "cn-hangzhou",
      endpoint,
      protocol: "http",
    });
    try {
      return { answer: await callTyped(api, action, parameters, config) };
    } catch (thrown) {
      const { code, statusCode, message, requestId } = thrown as Record<string, unknown>;
      return { error: { code, status: statusCode, message, requestId } };
    }
  };
}
