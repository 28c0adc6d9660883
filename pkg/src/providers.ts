import { definitions } from "./definitions.js";
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
  return definitions().map(({ name, schemes, events = [] }) => ({
    name: name as ProviderName,
    schemes: schemes.map((scheme) => scheme.name),
    events: events.map((event) => event.name).sort(),
  }));
}
