// What workerd starts. Deliveries go to the gateway in WebAssembly; the Durable Objects, the queue's consumer and the
// admin API are here: they count, compare and keep, and need the core only to relay.

import { WorkerEntrypoint } from "cloudflare:workers";
import Gateway from "gateway";
import { administer, PATH } from "./admin.js";
import { consume } from "./consumer.js";
import type { Env, Message } from "./env.js";

export { DeliveryLog } from "./delivery-log.js";
export { EventStore } from "./event-store.js";

/** Not the gateway's own class: what that has beside `fetch` is not to be called from outside. */
export default class extends WorkerEntrypoint<Env> {
  readonly #gateway = new Gateway(this.ctx, this.env);

  override async fetch(request: Request): Promise<Response> {
    const answer = request.url.includes(PATH) ? await administer(request, this.env, this.#gateway) : undefined;
    if (answer !== undefined) return answer;
    const judged = this.#gateway.fetch(request);
    // When the sender hangs up, the handler is cancelled; what is handed to `waitUntil` is not.
    this.ctx.waitUntil(judged);
    return judged;
  }

  override queue(batch: MessageBatch<Message>): Promise<void> {
    return consume(batch, this.env, this.#gateway);
  }
}
