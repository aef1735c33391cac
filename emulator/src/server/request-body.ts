import type { IncomingMessage } from "node:http";

export const bodyLimitBytes = 4 * 1024 * 1024;

/** The limit of the control API: a world that was read can be written back. Node.js makes no text that is longer. */
export const controlBodyLimitBytes = 512 * 1024 * 1024;

/** A body that is too large to be one of ours. */
export class BodyTooLargeError extends Error {
  constructor(limitBytes: number) {
    super(`the body is larger than ${limitBytes} bytes`);
    this.name = "BodyTooLargeError";
  }
}

/**
 * The whole body, whether it came with its length or in chunks; undefined where it is too large. That one is read to
 * its end as well, and thrown away: many clients read no answer before they have sent everything.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limitBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return length > limitBytes ? undefined : Buffer.concat(chunks);
}
