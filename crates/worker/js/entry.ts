// What workerd starts. Deliveries go to the gateway in WebAssembly; the Durable Objects, the queue's consumer and the
// admin API are here: they count, compare and keep, and need the core only to relay.

import { WorkerEntrypoint } from "cloudflare:workers";
import { administer, PATH } from "./admin.js";
import { consume } from "./consumer.js";
import { current, prepare } from "./document.js";
import type { Env, Message } from "./env.js";
import { Gateway } from "./gateway.js";
import { usePoints } from "./line.js";

export { DeliveryLog } from "./delivery-log.js";
export { EventStore } from "./event-store.js";

/** The one of this isolate. */
let gateway: Gateway | undefined;

/** Not the gateway's own class: what that has beside `fetch` is not to be called from outside. */
export default class extends WorkerEntrypoint<Env> {
  readonly #gateway = (gateway ??= new Gateway(this.ctx, this.env));

  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, env);
    usePoints(env);
  }

  override async fetch(request: Request): Promise<Response> {
    const answer = request.url.includes(PATH) ? await this.#administer(request) : undefined;
    if (answer !== undefined) return answer;
    const judged = this.#judge(request);
    // When the sender hangs up, the handler is cancelled; what is handed to `waitUntil` is not.
    this.ctx.waitUntil(judged);
    return judged;
  }

  async #judge(request: Request): Promise<Response> {
    await prepare(request, this.env, this.ctx, this.#gateway);
    return this.#gateway.answer(request, this.env, this.ctx);
  }

  #administer(request: Request): Promise<Response | undefined> {
    return administer(request, this.env, this.ctx, this.#gateway);
  }

  override async queue(batch: MessageBatch<Message>): Promise<void> {
    await current(this.env, this.#gateway);
    return consume(batch, this.env, this.#gateway);
  }
}
