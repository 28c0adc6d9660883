// What workerd starts. Deliveries go to the gateway in WebAssembly; the Durable Objects, the queue's consumer and the
// admin API are here: they count, compare and keep, and need the core only to relay.

import { administer, PATH } from "./admin.js";
import { consume } from "./consumer.js";
import { current, prepare } from "./document.js";
import type { Env, Message } from "./env.js";
import { Gateway } from "./gateway.js";
import { usePoints } from "./line.js";

export { DeliveryLog } from "./delivery-log.js";
export { EventStore } from "./event-store.js";

/** An object: of a class the runtime would make an instance for each request. */
export default {
  fetch(request, env, ctx) {
    return request.url.includes(PATH) ? administered(request, env, ctx) : judged(request, env, ctx);
  },

  async queue(batch, env, ctx) {
    const gateway = gatewayOf(env, ctx);
    await current(env, gateway);
    await consume(batch, env, gateway);
  },
} satisfies ExportedHandler<Env, Message>;

let known: Gateway | undefined;

/** The one of this isolate. */
function gatewayOf(env: Env, ctx: ExecutionContext): Gateway {
  if (known === undefined) {
    usePoints(env);
    known = new Gateway(ctx, env);
  }
  return known;
}

function judged(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  const gateway = gatewayOf(env, ctx);
  const answer = () => gateway.answer(request, env, ctx);
  const answered = prepare(request, env, ctx, gateway)?.then(answer) ?? answer();
  // When the sender hangs up, the handler is cancelled; what is handed to `waitUntil` is not.
  ctx.waitUntil(answered);
  return answered;
}

async function administered(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  return (await administer(request, env, ctx, gatewayOf(env, ctx))) ?? judged(request, env, ctx);
}
