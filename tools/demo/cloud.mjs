import OpenApi, { $OpenApiUtil, OpenApiUtil } from "@alicloud/openapi-core";
import { RuntimeOptions } from "@darabonba/typescript";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmulator } from "alicloud-ecs-emulator";
import { sortAddresses } from "./addresses.mjs";

export const region = "cn-hangzhou";

const versions = { ecs: "2014-05-26", vpc: "2016-04-28" };
const actionsOfVpc = ["CreateVpc", "CreateVSwitch"];
const idOf = {
  vpcs: "VpcId",
  vSwitches: "VSwitchId",
  instances: "InstanceId",
  networkInterfaces: "NetworkInterfaceId",
};

/** The emulator, seen by those who call its API and by those who look into its world. */
export class Cloud {
  #emulator;
  #client;

  static async start(options) {
    return new Cloud(await startEmulator(options));
  }

  constructor(emulator) {
    this.#emulator = emulator;
    this.#client = new OpenApi.default(
      new $OpenApiUtil.Config({
        accessKeyId: "test",
        accessKeySecret: "test",
        regionId: region,
        endpoint: new URL(emulator.url).host,
        protocol: "http",
        userAgent: "demo",
      }),
    );
  }

  get url() {
    return this.#emulator.url;
  }

  /** A signed call with the official SDK, as any client with a key pair makes it. */
  async call(action, parameters) {
    const answer = await this.#client.callApi(
      new $OpenApiUtil.Params({
        action,
        version: versions[actionsOfVpc.includes(action) ? "vpc" : "ecs"],
        protocol: "http",
        pathname: "/",
        method: "POST",
        authType: "AK",
        style: "RPC",
        reqBodyType: "formData",
        bodyType: "json",
      }),
      new $OpenApiUtil.OpenApiRequest({ query: OpenApiUtil.query({ RegionId: region, ...parameters }) }),
      new RuntimeOptions({}),
    );
    return answer.body;
  }

  /** Waits until an object of the world has this status; resolves to all the statuses that it went through. */
  async untilStatus(list, id, wanted, { signal } = {}) {
    const seen = [];
    for (;;) {
      const status = this.find(list, id).Status;
      if (seen.at(-1) !== status) seen.push(status);
      if (status === wanted) return seen;
      await sleep(20, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  /** What the world holds under one of the lists of `GET state`. */
  list(list) {
    return this.#emulator.control.state()[list];
  }

  find(list, id) {
    const found = this.list(list).find((object) => object[idOf[list]] === id);
    if (!found) throw new Error(`the emulator has no ${id} among its ${list}`);
    return found;
  }

  /** The secondary addresses that an ENI really holds. */
  addressesOf(eniId) {
    const sets = this.find("networkInterfaces", eniId).PrivateIpSets.PrivateIpSet;
    return sortAddresses(sets.filter(({ Primary }) => !Primary).map((set) => set.PrivateIpAddress));
  }

  /** What was asked of the API, from the call on that `mark` stands for. */
  calls(mark = 0) {
    return this.#emulator.control.calls().filter(({ seq }) => seq > mark);
  }

  /** Stands for the last call so far. */
  mark() {
    return this.calls().at(-1)?.seq ?? 0;
  }

  /** Disturbs calls to come. */
  disturb(...rules) {
    for (const rule of rules) this.#emulator.control.addFault(rule);
  }

  close() {
    return this.#emulator.close();
  }
}
