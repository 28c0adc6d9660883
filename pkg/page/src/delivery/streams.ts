// Compressing and inflating, as browsers do it: piece by piece.

type Stream = CompressionStream | DecompressionStream;

/** What comes out of a stream that the bytes go into. Throws where that is no such stream, or more than `most` bytes. */
export async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: Stream,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
    size += value.length;
    // A few bytes may inflate to gigabytes.
    if (size > most) {
      await reader.cancel();
      throw new RangeError("too much");
    }
    parts.push(value);
  }
}
