// Workers refuse to compile WebAssembly from bytes, and take it as a module of its own.
import module from "./hookwarden_bg.wasm";
import { provideModule } from "./core.js";

provideModule(() => module);

export * from "./api.js";
