// The module travels as text, deflated: as plain base64 it would be more than twice as long.

import { deflated, size } from "./inlined.js";

export function inlinedModule(): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(deflated);
  // Much faster than the library while that is cold, and invisible to bundlers.
  const zlib = runtime.process?.getBuiltinModule?.("node:zlib");
  if (zlib?.inflateRawSync !== undefined) return zlib.inflateRawSync(bytes, { chunkSize: size });
  // Bundled, and not even set up where it is not needed.
  return require("tiny-inflate")(bytes, new Uint8Array(size));
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Resolved by the bundler. Decompresses into an array that must be long enough, and gives it back. */
declare function require(library: "tiny-inflate"): (deflated: Uint8Array, out: Bytes) => Bytes;

type Inflate = (bytes: Bytes, options: { chunkSize: number }) => Bytes;

/** What some runtimes have, and none is required to. */
const runtime = globalThis as {
  process?: { getBuiltinModule?: (name: "node:zlib") => { inflateRawSync?: Inflate } | undefined };
  Buffer?: { from(text: string, encoding: "base64"): Bytes };
};

function fromBase64(text: string): Bytes {
  const native = (Uint8Array as { fromBase64?: (text: string) => Bytes }).fromBase64;
  if (native !== undefined) return native.call(Uint8Array, text);
  if (runtime.Buffer !== undefined) return runtime.Buffer.from(text, "base64");
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
