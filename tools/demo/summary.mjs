import Table from "cli-table3";
import { describeAddresses } from "./addresses.mjs";
import { reads, writes } from "./calls.mjs";
import { formatSeconds } from "./terminal.mjs";

/** The table at the end. It fits a terminal of 80 columns. */
export function summaryTable(chapters) {
  const table = new Table({
    head: ["step", "reads/\nwrites", "time", "secondary addresses of the ENI"],
    colWidths: [27, 8, 8, 32],
    colAligns: ["left", "right", "right", "left"],
    style: { head: [], border: [], compact: true },
    wordWrap: true,
  });
  for (const [index, { label, calls, tookMs, before, after }] of chapters.entries()) {
    table.push([
      `${String(index + 1).padStart(2)}. ${label}`,
      `${reads(calls).length}/${writes(calls).length}`,
      formatSeconds(tookMs),
      describeChange(before, after),
    ]);
  }
  return table.toString();
}

/** `before` and `after` hold the addresses of the story's ENI, `edge`, and of the instance's primary one, `node`. */
function describeChange(before, after) {
  const enis = [
    { label: "", from: describeAddresses(before.edge), to: describeAddresses(after.edge) },
    { label: "primary ENI: ", from: describeAddresses(before.node), to: describeAddresses(after.node) },
  ];
  const changed = enis.filter(({ from, to }) => from !== to);
  if (changed.length === 0) return enis[0].to;
  return changed.map(({ label, from, to }) => `${label}${from}\n→ ${to}`).join("\n");
}
