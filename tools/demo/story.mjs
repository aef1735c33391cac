import { performance } from "node:perf_hooks";
import { Cloud } from "./cloud.mjs";
import { PulumiProject } from "./pulumi-project.mjs";
import { Stage } from "./stage.mjs";
import { steps } from "./steps.mjs";
import { summaryTable } from "./summary.mjs";
import { formatSeconds, Terminal } from "./terminal.mjs";

/** Tells the story with the real engine against an emulator, and leaves nothing behind, however it ends. */
export async function tellStory({ cli, signal }) {
  const terminal = new Terminal();
  const startedAt = performance.now();
  const cloud = await Cloud.start();
  let project;
  try {
    project = await PulumiProject.create({ cli, endpoint: cloud.url, signal });
    terminal.print(
      `\nPulumi CLI ${cli.version}, the program in tools/demo/program, and an emulated cloud at ${cloud.url}`,
    );
    const chapters = await tell(new Stage({ terminal, cloud, project, signal }));
    terminal.print(`\n${summaryTable(chapters)}`);
  } finally {
    await project?.remove();
    await cloud.close();
  }
  terminal.print(
    [
      "",
      `Every statement was checked. The story took ${formatSeconds(performance.now() - startedAt)}.`,
      "",
      "Where to go next:",
      "  README.md            the quick start, and a program of your own",
      "  emulator/README.md   the emulator alone: seeds, faults and tests of your own programs",
    ].join("\n"),
  );
}

async function tell(stage) {
  const { cloud, names } = stage;
  const addresses = () => ({
    edge: names.edge ? cloud.addressesOf(names.edge) : [],
    node: names.node ? cloud.addressesOf(names.node) : [],
  });
  const chapters = [];
  for (const [index, { title, label, tell }] of steps.entries()) {
    stage.signal.throwIfAborted();
    stage.terminal.heading(`${index + 1}/${steps.length}  ${title}`);
    stage.begin(title);
    const before = addresses();
    const startedAt = performance.now();
    await tell(stage);
    const tookMs = performance.now() - startedAt;
    chapters.push({ label, calls: stage.calls(), tookMs, before, after: addresses() });
  }
  return chapters;
}
