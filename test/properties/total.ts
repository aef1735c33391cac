import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Histogram, type Counts } from "./histogram";

/** The sum of the histograms of all shards so far. */
export function totalOf(folder: string): Histogram {
  const total = new Histogram();
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json")))
    total.add(JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Counts);
  return total;
}
