import { findAction } from "../actions/registry";
import { execute } from "../server/execution";
import { defaultBehaviour } from "../world/behaviour";
import type { Behaviour } from "../world/behaviour";
import { ManualClock } from "../world/clock";
import { World } from "../world/world";
import { readSavedWorld, writeSavedWorld } from "./data-format";

test("a ClientToken that was burnt is burnt in the world that was saved, too", async () => {
  const clock = new ManualClock();
  const behaviour = (): Behaviour => ({ ...defaultBehaviour, failedClientTokens: "burnt" });
  const world = new World(clock, behaviour, { networkInterfaces: [{ NetworkInterfaceId: "eni-1" }] });
  const assign = findAction("AssignPrivateIpAddresses", "2014-05-26");
  const outside = {
    RegionId: "cn-hangzhou",
    NetworkInterfaceId: "eni-1",
    "PrivateIpAddress.1": "192.168.0.1",
    ClientToken: "t",
  };
  const codeIn = (place: World) =>
    execute(assign, outside, place, () => Promise.resolve()).catch((error: unknown) => error);
  expect(await codeIn(world)).toMatchObject({ code: "InvalidVSwitchId.IpInvalid" });
  const saved = readSavedWorld(writeSavedWorld(world.saveAll()), "the data file");
  expect(await codeIn(World.restore(clock, behaviour, saved))).toMatchObject({ code: "IdempotentFailed" });
});
