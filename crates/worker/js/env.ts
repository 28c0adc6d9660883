// The bindings, and how an event is kept for later.

import type { DeliveryLog } from "./delivery-log.js";
import type { EventStore } from "./event-store.js";

export interface Env {
  readonly EVENTS?: DurableObjectNamespace<EventStore>;
  readonly LOG?: DurableObjectNamespace<DeliveryLog>;
  readonly OBJECT_LOCATION?: DurableObjectLocationHint;
  readonly OBJECT_JURISDICTION?: DurableObjectJurisdiction;
  readonly ADMIN_TOKEN?: string;
  readonly PREFIX?: string;
  readonly SOURCES?: object | string;
  readonly DEDUPE?: KVNamespace;
  readonly SCHEMAS?: KVNamespace;
  /** Further sources, in a document. */
  readonly CONFIG?: KVNamespace;
  readonly ANALYTICS?: AnalyticsEngineDataset;
  readonly SCHEMA_REFRESH_SECONDS?: number | string;
}

/** What the gateway writes about an event that is relayed later (`outbound.rs`), as far as it is read here. */
export interface Meta {
  readonly source: string;
  readonly provider: string;
  readonly method: string;
  /** Name, value, name, value. */
  readonly headers: readonly string[];
  readonly event_type: string | null;
  readonly event_id: string | null;
  readonly schema: string;
  readonly key: string;
  readonly dedupe: boolean;
  /** Unix seconds: when it arrived, and until when the queue tries. */
  readonly at: number;
  readonly until: number;
  /** For how many milliseconds its key is remembered. */
  readonly keep: number;
}

/** A message of the queue. */
export interface Message {
  readonly meta: string;
  /** The claim of the delivery that put it there. */
  readonly holder: number;
  /** `null` where it is kept aside, being too large for a message. */
  readonly body: Uint8Array | null;
}

/** As in `store/durable.rs`, which says why. */
const VERSION = "v1";
const SHARDS = 32;

export function eventsOf(env: Env, key: string): DurableObjectStub<EventStore> {
  const shard = parseInt(key.slice(0, 2), 16) % SHARDS;
  return object(env, env.EVENTS, `${VERSION}-${String(shard).padStart(2, "0")}`);
}

export function logOf(env: Env): DurableObjectStub<DeliveryLog> {
  return object(env, env.LOG, "v1");
}

function object<T extends DeliveryLog | EventStore>(
  { OBJECT_LOCATION: locationHint, OBJECT_JURISDICTION: jurisdiction }: Env,
  namespace: DurableObjectNamespace<T> | undefined,
  name: string,
): DurableObjectStub<T> {
  if (namespace === undefined) throw new Error("a Durable Object is not bound");
  const there = jurisdiction === undefined ? namespace : namespace.jurisdiction(jurisdiction);
  return there.getByName(name, locationHint === undefined ? {} : { locationHint });
}
