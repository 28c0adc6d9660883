declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "tiny-inflate" {
  /** Decompresses into an array that must be long enough, and gives it back. */
  export default function inflate(deflated: Uint8Array, out: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
}
