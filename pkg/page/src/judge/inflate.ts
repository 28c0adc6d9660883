// `explain` inflates a body by way of Node's zlib, which answers at once. A browser inflates only in its own time, so it
// is done before, and what `explain` asks for is ready.

import { through } from "../delivery/streams.js";

const MOST = 4_000_000;

/** Makes the body, if it is gzip, available inflated to a call of `explain` that follows. */
export async function offerInflated(body: Uint8Array<ArrayBuffer>): Promise<void> {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  const inflated = isGzip
    ? await through(body, new DecompressionStream("gzip"), MOST).catch(() => undefined)
    : undefined;
  const zlib = inflated && { gunzipSync: () => inflated };
  const process = { getBuiltinModule: (name: string) => (name === "node:zlib" ? zlib : undefined) };
  Object.assign(globalThis, { process });
}
