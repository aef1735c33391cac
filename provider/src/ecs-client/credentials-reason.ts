import { hideLogin } from "./endpoints";

/** The longest reason in a message. */
const longest = 500;

/**
 * Why the credentials package found no keys, in its own words, but without what these quote: files and answers that hold keys,
 * commands, and the parameters of URLs.
 * @internal
 */
export function reasonWithoutSecrets(thrown: unknown): string {
  const words = thrown instanceof Error ? thrown.message : "unknown reason";
  const reason = withoutJson(words)
    // The quoted text is the output of a command, an answer or a file that cannot be read as JSON.
    .replace(/((?:parse[^:]*? failed|unmarshal fail|failed to parse external command output)): [^]*/i, "$1")
    .replace(/Command failed: [^\n]*\n?/, "the command failed: ")
    .replace(/<[^]*/, "")
    .replace(
      /((?:GET|POST|PUT) )?(https?:\/\/[^\s'"]*)/g,
      (_all, verb: string | undefined, url: string) => ` ${verb ?? ""}${hideLogin(url).split("?")[0] ?? ""}`,
    )
    .replace(/[A-Za-z0-9+/=_.-]{24,}/g, (run) => (looksLikeKey(run) ? "[hidden]" : run))
    // The last source of the chain asks a host named undefined where none is configured.
    .replace(/, [^,]*\bundefined\b[^,]*/g, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/(?:the command failed: )$/, "the command failed")
    .replace(/[.:,\s]+$/, "")
    .trim();
  return reason.length > longest ? `${reason.slice(0, longest)}…` : reason;
}

function looksLikeKey(run: string): boolean {
  if (run.startsWith("/")) return false;
  return /^(LTAI|STS\.|CAIS)/.test(run) || (/[0-9]/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run));
}

/** Replaces each JSON object by the code and the message in it. */
function withoutJson(text: string): string {
  const start = text.indexOf("{");
  if (start < 0) return text;
  for (let end = text.lastIndexOf("}"); end > start; end = text.lastIndexOf("}", end - 1)) {
    const said = describeJson(text.slice(start, end + 1));
    if (said !== undefined) return text.slice(0, start) + said + withoutJson(text.slice(end + 1));
  }
  return text.slice(0, start);
}

function describeJson(json: string): string | undefined {
  try {
    const {
      Code,
      code = Code,
      error = code,
      Message,
      message = Message,
      error_description,
    } = JSON.parse(json) as Record<string, unknown>;
    return [error, message ?? error_description].filter((one) => typeof one === "string").join(": ");
  } catch {
    return undefined;
  }
}
