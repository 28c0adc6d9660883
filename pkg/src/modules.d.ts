declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

/** Resolved by the bundler. Decompresses into an array that must be long enough, and gives it back. */
declare function require(
  library: "tiny-inflate",
): (deflated: Uint8Array, out: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
