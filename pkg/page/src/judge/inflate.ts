// `explain` inflates a body by way of Node's zlib, which answers at once. A browser inflates only in its own time, so it is
// done before, and what `explain` asks for is ready.

const MOST = 4_000_000;

/** Makes the body, if it is gzip, available inflated to a call of `explain` that follows. */
export async function offerInflated(body: Uint8Array<ArrayBuffer>): Promise<void> {
  const inflated = body[0] === 0x1f && body[1] === 0x8b ? await inflate(body) : undefined;
  const zlib = inflated && { gunzipSync: () => inflated };
  Object.assign(globalThis, {
    process: { getBuiltinModule: (name: string) => (name === "node:zlib" ? zlib : undefined) },
  });
}

async function inflate(body: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const part of new Blob([body]).stream().pipeThrough(new DecompressionStream("gzip"))) {
      size += part.length;
      // A few bytes may inflate to gigabytes.
      if (size > MOST) return undefined;
      parts.push(part);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  } catch {
    return undefined;
  }
}
