import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import path from "node:path";
import { packageFolder } from "../package-folder";
import type { EmulatorState } from "../server/emulator-state";

const folder = path.join(packageFolder, "page");

/** The page's files by their path. */
const files: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  "/_emulator/": { name: "index.html", type: "text/html; charset=utf-8" },
  "/_emulator/page.js": { name: "page.js", type: "text/javascript; charset=utf-8" },
  "/_emulator/windowed-list.js": { name: "windowed-list.js", type: "text/javascript; charset=utf-8" },
  "/_emulator/page.css": { name: "page.css", type: "text/css; charset=utf-8" },
  "/_emulator/icon.svg": { name: "icon.svg", type: "image/svg+xml" },
};

const withoutSlash = "/_emulator";
const eventsPath = "/_emulator/events";
const eventHeaders = { "content-type": "text/event-stream", "cache-control": "no-store" };

/** Its own files and nothing else: a text of a client, such as a name, stays a text. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

/** A page that has not read this much is disconnected. It connects again, and reads everything again. */
const unreadLimitBytes = 4 * 1024 * 1024;

/** The page for people, and the events that keep it up to date. */
export class PageEndpoint {
  readonly #state: EmulatorState;

  constructor(state: EmulatorState) {
    this.#state = state;
  }

  /** Whether that path is the page's; the others under it are the control API's. */
  has(pathname: string): boolean {
    return pathname === withoutSlash || pathname === eventsPath || Object.hasOwn(files, pathname);
  }

  async answer(method: string, pathname: string, response: ServerResponse): Promise<void> {
    if (method !== "GET" && method !== "HEAD") response.writeHead(405, { allow: "GET, HEAD" }).end();
    else if (pathname === withoutSlash) response.writeHead(308, { location: "/_emulator/" }).end();
    else if (pathname === eventsPath && method === "HEAD") response.writeHead(200, eventHeaders).end();
    else if (pathname === eventsPath) this.#watch(response);
    else await serveFile(pathname, response);
  }

  /** Server-sent events: `call` with a call that came in or was answered, `cleared`, and `world` where that may have changed. */
  #watch(response: ServerResponse): void {
    const { calls, changes } = this.#state;
    response.writeHead(200, eventHeaders);
    const send = (event: string, data: unknown = {}) => {
      if (response.writableLength > unreadLimitBytes) response.destroy();
      else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    const watched = [
      {
        emitter: calls.changes,
        event: "call",
        tell: (call: unknown) => {
          send("call", call);
        },
      },
      {
        emitter: calls.changes,
        event: "cleared",
        tell: () => {
          send("cleared");
        },
      },
      {
        emitter: changes,
        event: "world",
        tell: () => {
          send("world");
        },
      },
    ] as const;
    for (const { emitter, event, tell } of watched) (emitter as NodeJS.EventEmitter).on(event, tell);
    response.on("close", () => {
      for (const { emitter, event, tell } of watched) (emitter as NodeJS.EventEmitter).off(event, tell);
    });
    // The browser waits a second before it comes back.
    response.write("retry: 1000\n\n");
  }
}

async function serveFile(pathname: string, response: ServerResponse): Promise<void> {
  const file = files[pathname];
  if (!file) throw new Error(`${pathname} is not a file of the page`);
  const content = await readFile(path.join(folder, file.name));
  response.writeHead(200, {
    "content-type": file.type,
    "content-length": content.length,
    "content-security-policy": contentSecurityPolicy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  });
  response.end(content);
}
