import { provideModule } from "./core.js";

/**
 * Gives the library its module: the content of `hookwarden/hookwarden.wasm`, as a `WebAssembly.Module` or as bytes. Call
 * it once, before anything else. Exported by `hookwarden/slim` only; the main entry brings its own.
 *
 * ```js
 * import { createVerifier, init } from "hookwarden/slim";
 *
 * init(await WebAssembly.compileStreaming(fetch("/hookwarden.wasm")));
 * ```
 */
export function init(module: WasmModule): void {
  provideModule(() => module);
}

/** A `WebAssembly.Module`, or the bytes of one. */
export type WasmModule = object;

export * from "./api.js";
