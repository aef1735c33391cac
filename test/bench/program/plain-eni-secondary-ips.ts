/**
 * The benchmark's plain dynamic provider, written as Pulumi's guide shows
 * (https://www.pulumi.com/docs/iac/guides/building-extending/providers/dynamic-providers/): an object that Pulumi serialises, and
 * the full SDK of the service. It reads the ENI once, then sends one batch after another.
 */
import Ecs, * as ecs from "@alicloud/ecs20140526";
import { $OpenApiUtil } from "@alicloud/openapi-core";
import * as pulumi from "@pulumi/pulumi";

interface Inputs {
  networkInterfaceId: string;
  privateIpAddresses: string[];
}

const batchSize = 10;

/** Pulumi cannot serialise a client: each operation makes its own. */
function connect(): Ecs {
  const { ECS_ENDPOINT: url = "", ALICLOUD_ACCESS_KEY, ALICLOUD_SECRET_KEY, ALICLOUD_REGION } = process.env;
  const { host, protocol } = new URL(url);
  return new Ecs(
    new $OpenApiUtil.Config({
      accessKeyId: ALICLOUD_ACCESS_KEY,
      accessKeySecret: ALICLOUD_SECRET_KEY,
      regionId: ALICLOUD_REGION,
      endpoint: host,
      protocol: protocol.replace(":", ""),
    }),
  );
}

async function secondaryAddresses(client: Ecs, networkInterfaceId: string): Promise<string[]> {
  const request = { regionId: process.env.ALICLOUD_REGION, networkInterfaceId: [networkInterfaceId] };
  const { body } = await client.describeNetworkInterfaces(new ecs.DescribeNetworkInterfacesRequest(request));
  const [eni] = body?.networkInterfaceSets?.networkInterfaceSet ?? [];
  if (eni === undefined) throw new Error(`there is no ${networkInterfaceId}`);
  const sets = eni.privateIpSets?.privateIpSet ?? [];
  return sets.filter(({ primary }) => primary !== true).map(({ privateIpAddress }) => privateIpAddress ?? "");
}

/** Assigns what the ENI lacks and unassigns what the resource no longer lists. */
async function change({ networkInterfaceId, privateIpAddresses }: Inputs, owned: string[]): Promise<void> {
  const client = connect();
  const held = await secondaryAddresses(client, networkInterfaceId);
  const missing = privateIpAddresses.filter((address) => !held.includes(address));
  const surplus = owned.filter((address) => held.includes(address) && !privateIpAddresses.includes(address));
  const request = { regionId: process.env.ALICLOUD_REGION, networkInterfaceId };
  for (let first = 0; first < missing.length; first += batchSize) {
    const privateIpAddress = missing.slice(first, first + batchSize);
    await client.assignPrivateIpAddresses(
      new ecs.AssignPrivateIpAddressesRequest({ ...request, privateIpAddress }),
    );
  }
  for (let first = 0; first < surplus.length; first += batchSize) {
    const privateIpAddress = surplus.slice(first, first + batchSize);
    await client.unassignPrivateIpAddresses(
      new ecs.UnassignPrivateIpAddressesRequest({ ...request, privateIpAddress }),
    );
  }
}

export const plainProvider = {
  async create(inputs: Inputs) {
    await change(inputs, []);
    return { id: inputs.networkInterfaceId, outs: inputs };
  },
  diff(_id: string, olds: Inputs, news: Inputs) {
    const [before, after] = [olds, news].map(({ privateIpAddresses }) =>
      [...privateIpAddresses].sort().join(),
    );
    const replaces = olds.networkInterfaceId === news.networkInterfaceId ? [] : ["networkInterfaceId"];
    return Promise.resolve({ changes: before !== after || replaces.length > 0, replaces });
  },
  async update(_id: string, olds: Inputs, news: Inputs) {
    await change(news, olds.privateIpAddresses);
    return { outs: news };
  },
  async read(id: string, props?: Inputs) {
    const held = await secondaryAddresses(connect(), id);
    return { id, props: { ...props, networkInterfaceId: id, privateIpAddresses: held } };
  },
  async delete(_id: string, props: Inputs) {
    await change({ ...props, privateIpAddresses: [] }, props.privateIpAddresses);
  },
} satisfies pulumi.dynamic.ResourceProvider<Inputs, Inputs>;

export class PlainEniSecondaryIps extends pulumi.dynamic.Resource {
  declare readonly privateIpAddresses: pulumi.Output<string[]>;

  constructor(name: string, args: Inputs, opts?: pulumi.CustomResourceOptions) {
    super(plainProvider, name, { ...args }, opts);
  }
}
