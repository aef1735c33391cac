import { clearInterval, setInterval } from "node:timers";
import { color, Listr } from "listr2";

const widest = 110;

/** Prints the story: actions tick in a terminal, and are a line at their start and one at their end elsewhere. */
export class Terminal {
  #live = Boolean(process.stdout.isTTY) && process.env.TERM !== "dumb";

  heading(text) {
    this.#write("", color.bold(text));
  }

  /** What is told. */
  say(text) {
    this.#write(...wrap(text, "  "));
  }

  /** Output of another program, or of the log of calls. */
  quote(lines) {
    this.#write(...lines.flatMap((line) => wrap(line, "    │ ", "    │   ")).map(color.dim));
  }

  /** What was found to be so. */
  finding(text) {
    const [first, ...rest] = wrap(`checked: ${text}`, "    ", "      ");
    this.#write(first.replace("checked:", color.green("checked:")), ...rest);
  }

  /** As it is. */
  print(text) {
    this.#write(text);
  }

  #write(...lines) {
    process.stdout.write(`${lines.join("\n")}\n`);
  }

  /** Does `work` under a title. It may `report` what it is doing, which is shown where lines can be overwritten. */
  async action(title, work) {
    const startedAt = Date.now();
    let detail = "";
    let result;
    let failure;
    const task = async (_context, shown) => {
      const tick = () =>
        void (shown.output = `${formatSeconds(Date.now() - startedAt)} so far${detail && `: ${detail}`}`);
      const timer = setInterval(tick, this.#live ? 1_000 : 20_000);
      const report = (text) => {
        detail = text || detail;
        if (this.#live) tick();
      };
      try {
        result = await work({ report });
      } catch (error) {
        failure = error;
        throw new Error("see below", { cause: error }); // the whole of it is told once, at the end
      } finally {
        clearInterval(timer);
      }
    };
    const timer = { condition: true, field: formatSeconds, format: () => color.dim };
    await new Listr([{ title, task }], {
      registerSignalListeners: false,
      fallbackRendererCondition: () => !this.#live,
      rendererOptions: { timer, showErrorMessage: false, formatOutput: "truncate" },
      fallbackRenderer: "simple",
      fallbackRendererOptions: { timer },
    })
      .run()
      .catch((error) => {
        throw failure ?? error;
      });
    return result;
  }
}

export function formatSeconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Breaks between words, for terminals that are narrower, and for the eye where lines could be longer. */
function wrap(text, indent, furtherIndent = indent, columns = process.stdout.columns || widest) {
  const width = Math.min(columns, widest);
  const lines = [];
  let line = indent;
  for (const [index, word] of text.split(/(?<=\S)(?=\s)/).entries()) {
    if (index > 0 && line.length + word.length > width) {
      lines.push(line);
      line = furtherIndent + word.trimStart();
    } else line += word;
  }
  return [...lines, line];
}
