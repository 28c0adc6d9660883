import type { Event, ProviderName } from "../event.js";
import type { Accepted } from "../verdict.js";

/** An accepted delivery, as a handler gets it. Printed or turned into JSON, it holds nothing of the payload. */
export interface Webhook<P extends ProviderName = ProviderName, Own extends object = {}> {
  /** What the delivery says it is, with the payload under `data`. */
  readonly event: Event<P, Own>;
  /** The payload, parsed when it is first asked for; `undefined` where it is not JSON. */
  readonly payload: unknown;
  /** The body as it was sent. */
  readonly body: Uint8Array;
  /** The idempotency key: the same for every delivery of one event. */
  readonly key: string;
  /** Everything else that was found out. */
  readonly verdict: Accepted<P, Own>;
  /**
   * `claimed`: no other delivery of this event is handled meanwhile, as far as the store can promise. `unavailable`: the
   * store did not answer, so the event may have been handled before. `off`: nobody asked a store, because there is none,
   * or because each delivery of this event type is a new event.
   */
  readonly store: "claimed" | "unavailable" | "off";
}

export class ReceivedWebhook<P extends ProviderName, Own extends object> implements Webhook<P, Own> {
  readonly event: Event<P, Own>;
  readonly key: string;
  readonly store: Webhook["store"];
  readonly verdict: Accepted<P, Own>;
  readonly #body: Uint8Array;

  constructor(verdict: Accepted<P, Own>, body: Uint8Array, store: Webhook["store"]) {
    this.event = verdict.event;
    this.key = verdict.key;
    this.store = store;
    this.verdict = verdict;
    this.#body = body;
  }

  get payload(): unknown {
    return this.verdict.payload;
  }

  get body(): Uint8Array {
    return this.#body;
  }
}
