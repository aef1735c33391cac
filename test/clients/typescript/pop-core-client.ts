import PopCore from "@alicloud/pop-core";
import type { Caller } from "./outcome";

const versions = { ecs: "2014-05-26", vpc: "2016-04-28" };

/** The older client: the older signature, and answers as they come. */
export function popCoreClient(endpoint: string, method: "GET" | "POST"): Caller {
  return async (api, action, parameters, credentials) => {
    const client = new PopCore({ endpoint, apiVersion: versions[api], ...credentials });
    try {
      return { answer: await client.request(action, parameters, { method }) };
    } catch (thrown) {
      const { code, message, data } = thrown as {
        code?: unknown;
        message: string;
        data?: { RequestId?: unknown };
      };
      return { error: { code, status: undefined, message, requestId: data?.RequestId } };
    }
  };
}
