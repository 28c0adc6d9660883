import { call } from "./wasm.js";
import type { ProviderName } from "./event.js";

/** A provider that comes with the package. */
export interface ProviderInfo {
  readonly name: ProviderName;
  /** The names of its signature schemes. */
  readonly schemes: readonly string[];
  /** The event types of its catalogue. */
  readonly events: readonly string[];
}

/** Lists the providers that come with the package. */
export function providers(): ProviderInfo[] {
  return JSON.parse(call((core) => core.providers())) as ProviderInfo[];
}
