// The module travels as text, compressed: as plain base64 it would be more than twice as long. What decompresses it is
// WebAssembly, too: in a process that has just begun it is several times as fast as JavaScript, and as loading zlib.

import { packed, packedSize, size, unpacker } from "./inlined.js";

export function inlinedModule(): Uint8Array<ArrayBuffer> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(fromBase64(unpacker)));
  const { memory, unpack } = exports as unknown as Unpacker;
  // It writes up to sixteen bytes too many.
  memory.grow(Math.ceil((packedSize + size + 16) / 65_536));
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(fromBase64(packed));
  unpack(0, packedSize, packedSize);
  return bytes.subarray(packedSize, packedSize + size);
}

/** What unpack.wat exports. */
interface Unpacker {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  unpack(from: number, end: number, to: number): void;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** What some runtimes have, and none is required to. */
const runtime = globalThis as { Buffer?: { from(text: string, encoding: "base64"): Bytes } };

function fromBase64(text: string): Bytes {
  const native = (Uint8Array as { fromBase64?: (text: string) => Bytes }).fromBase64;
  if (native !== undefined) return native.call(Uint8Array, text);
  if (runtime.Buffer !== undefined) return runtime.Buffer.from(text, "base64");
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
