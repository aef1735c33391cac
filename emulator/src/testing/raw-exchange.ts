import { once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** One answer of a server, as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A connection on which a test writes what no HTTP client would write. Not part of the package. */
export class RawConnection {
  readonly #socket: Socket;
  readonly #ended: Promise<unknown>;
  #received = "";

  constructor(port: number, host = "127.0.0.1") {
    this.#socket = connect(port, host);
    this.#socket.setEncoding("latin1");
    this.#socket.on("data", (chunk: string) => (this.#received += chunk));
    this.#ended = once(this.#socket, "close");
    // A reset ends the connection as well.
    this.#socket.on("error", () => undefined);
  }

  /** Sends lines of a head, and a body as it is. */
  send(head: readonly string[], body = ""): void {
    this.#socket.write(`${[...head, "", ""].join("\r\n")}${body}`);
  }

  /** The next answer, whose body has a Content-Length. */
  async answer(hasBody = true): Promise<RawAnswer> {
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      if (end >= 0) {
        const { status, headers } = parseHead(this.#received.slice(0, end));
        const length = hasBody ? Number(headers["content-length"] ?? 0) : 0;
        const from = end + 4;
        if (this.#received.length >= from + length) {
          const body = this.#received.slice(from, from + length);
          this.#received = this.#received.slice(from + length);
          return { status, headers, body };
        }
      }
      if (this.#socket.destroyed) throw new Error(`the connection ended after "${this.#received}"`);
      await Promise.race([once(this.#socket, "data"), this.#ended]);
    }
  }

  /** Everything that came until the server closed the connection, as one text. */
  async rest(): Promise<string> {
    await this.#ended;
    return this.#received;
  }

  close(): void {
    this.#socket.destroy();
  }
}

function parseHead(head: string): Pick<RawAnswer, "status" | "headers"> {
  const [line = "", ...lines] = head.split("\r\n");
  const headers = lines.map((text) => {
    const colon = text.indexOf(":");
    return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()];
  });
  return {
    status: Number(line.split(" ")[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
  };
}
