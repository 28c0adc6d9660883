import { collect, Unread } from "./body.js";

/**
 * The content of a body that was sent with `Content-Encoding: gzip`, which is what providers sign: the coding belongs to the
 * transport. Platforms and parsers that keep the bytes have often undone it and left the header.
 *
 * @throws {Unread} where it is no gzip, or its content is longer than the limit.
 */
export async function gunzip(bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  if (typeof DecompressionStream !== "function") throw new Unread("encoding_unsupported");
  const content = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("gzip"));
  try {
    return await collect(content, limit);
  } catch (error) {
    if (error instanceof Unread && error.code === "payload_too_large") throw error;
    throw new Unread("encoding_unsupported");
  }
}
