// The body of a delivery, byte for byte and never more than allowed. Neither a wrong `Content-Length` nor its absence
// gets past the limit, and a body that was cut short is never judged.

import type { Readable } from "node:stream";

/** Why there is no body. */
export class Unread extends Error {
  readonly code: "payload_too_large" | "encoding_unsupported" | "body_cut_short";

  constructor(code: Unread["code"]) {
    super(code);
    this.code = code;
  }
}

class Chunks {
  readonly #limit: number;
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Uint8Array): void {
    this.#length += chunk.byteLength;
    if (this.#length > this.#limit) throw new Unread("payload_too_large");
    this.#chunks.push(chunk);
  }

  joined(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.byteLength;
    }
    return all;
  }
}

/** Reads the stream of a Fetch `Request`. */
export async function collect(
  stream: ReadableStream<Uint8Array> | null, limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks = new Chunks(limit);
  const reader = stream?.getReader();
  if (reader === undefined) return chunks.joined();
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Unread("body_cut_short");
    });
    if (done) return chunks.joined();
    try {
      chunks.add(value);
    } catch (error) {
      // Nobody waits for it: some runtimes only answer it once the sender has stopped.
      reader.cancel().catch(() => {});
      throw error;
    }
  }
}

/** Reads Node's request. The connection stays open, so that an answer can still be given. */
export function collectNode(stream: Readable, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    // One that is destroyed says nothing any more.
    if (stream.destroyed) return reject(new Unread("body_cut_short"));
    const chunks = new Chunks(limit);
    let settled = false;
    const cut = () => {
      if (!settled) reject(new Unread("body_cut_short"));
      settled = true;
    };
    stream.on("data", (chunk: Uint8Array) => {
      if (settled) return;
      try {
        chunks.add(chunk);
      } catch (error) {
        settled = true;
        stream.pause();
        reject(error);
      }
    });
    stream.on("end", () => {
      if (!settled) resolve(chunks.joined());
      settled = true;
    });
    stream.on("close", cut);
    // Also one that comes after the body was refused: it must not end the process.
    stream.on("error", cut);
  });
}
