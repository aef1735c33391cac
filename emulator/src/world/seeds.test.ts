import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ManualClock } from "./clock";
import { defaultBehaviour } from "./behaviour";
import { parseStateDocument } from "./state-document-schema";
import { World } from "./world";

const folder = path.join(__dirname, "../../seeds");

test.each(readdirSync(folder))(
  "the seed %s is a world, and its addresses are those that it gives",
  (file) => {
    const seed = parseStateDocument(JSON.parse(readFileSync(path.join(folder, file), "utf8")));
    const world = new World(new ManualClock(), () => defaultBehaviour, seed);
    expect(world.save().networkInterfaces).toHaveLength(seed.networkInterfaces?.length ?? 0);
  },
);
