// Made by scripts/page.mjs when the page is bundled.

declare module "catalogue" {
  export const catalogue: import("./delivery/catalogue.js").ProviderFacts[];
}

declare module "assets" {
  /** Relative to the page. */
  export const workerUrl: string;
  /** Relative to the worker. */
  export const wasmUrl: string;
  /** Relative to the worker. */
  export const publicKeysUrl: string;
  /** Relative to the page. */
  export const samplesUrl: string;
  export const version: string;
}
