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

  override fetch(request: Request): Promise<Response> {
    return request.url.includes(PATH) ? this.#administer(request) : this.#judge(request);
  }

  #judge(request: Request): Promise<Response> {
    const answer = () => this.#gateway.answer(request, this.env, this.ctx);
    const judged = prepare(request, this.env, this.ctx, this.#gateway)?.then(answer) ?? answer();
    // When the sender hangs up, the handler is cancelled; what is handed to `waitUntil` is not.
    this.ctx.waitUntil(judged);
    return judged;
  }

  async #administer(request: Request): Promise<Response> {
    return (await administer(request, this.env, this.ctx, this.#gateway)) ?? this.#judge(request);
  }

  override async queue(batch: MessageBatch<Message>): Promise<void> {
    await current(this.env, this.#gateway);
    return consume(batch, this.env, this.#gateway);
  }
}
