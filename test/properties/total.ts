import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Histogram, type Counts } from "./histogram";
import type { AdaptorName } from "./run";

/** The file in which a shard writes the histogram of an adaptor's histories. */
export function histogramFile(folder: string, adaptor: AdaptorName, shard: number): string {
  return path.join(folder, `${adaptor}-${shard}.json`);
}

/** The sum of the histograms of all shards so far, of one adaptor or of all. */
export function totalOf(folder: string, adaptor?: AdaptorName): Histogram {
  const total = new Histogram();
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  for (const file of files.filter((name) => adaptor === undefined || name.startsWith(`${adaptor}-`)))
    total.add(JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Counts);
  return total;
}
