import type { IncomingMessage } from "node:http";

const limitBytes = 4 * 1024 * 1024;

/** A body that is too large to be one of ours. */
export class BodyTooLargeError extends Error {
  constructor() {
    super(`the body is larger than ${limitBytes} bytes`);
    this.name = "BodyTooLargeError";
  }
}

/** The whole body, whether it came with its length or in chunks. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) throw new BodyTooLargeError();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
