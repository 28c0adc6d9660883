import type { MiddlewareHandler } from "hono";
import type { ProviderName } from "./event.js";
import type { ProviderOptions, VerifierSource, WebhookOptions } from "./receive/settings.js";
import type { Webhook } from "./receive/webhook.js";
import { arrivalOfFetch, receive, responseOf, settingsOf, waitUntil } from "./receive.js";

export type { Rejection, WebhookOptions } from "./receive/settings.js";
export type { Webhook };

/** Middleware that gives `c.var.webhook` to the handlers after it. */
export type Middleware<P extends ProviderName, Own extends object = {}> = MiddlewareHandler<{
  Variables: { webhook: Webhook<P, Own> };
}>;

/**
 * Lets through what is accepted, with `c.var.webhook`, and answers everything else. `c.req.json()` and its like still work
 * afterwards.
 *
 * ```js
 * app.post("/webhooks", webhook("audian", { secret: process.env.AUDIAN_SECRET }), (c) => {
 *   console.log(c.var.webhook.event.type, c.var.webhook.payload);
 *   return c.body(null, 204);
 * });
 * ```
 */
export function webhook<P extends ProviderName, Own extends object = {}>(
  provider: P, options: ProviderOptions<P, Own>,
): Middleware<P, Own>;
export function webhook<P extends ProviderName, Own extends object = {}>(
  verifier: VerifierSource<P, Own>, options?: WebhookOptions<P, Own>,
): Middleware<P, Own>;
export function webhook(source: unknown, options?: unknown): Middleware<any> {
  const settings = settingsOf<ProviderName, {}>(source, options);
  return (c, next) => {
    const answer = async () => {
      // Middleware before this one may have read the body with `c.req.arrayBuffer()`.
      const { bodyCache, raw } = c.req;
      const kept = bodyCache.arrayBuffer === undefined ? undefined : new Uint8Array(await bodyCache.arrayBuffer);
      const { answer, admitted } = await receive(settings, arrivalOfFetch(raw, kept));
      if (answer !== undefined) return responseOf(answer);
      const { webhook, done } = admitted;
      c.set("webhook", webhook);
      const { buffer, byteOffset, byteLength } = webhook.body;
      Object.assign(bodyCache, { arrayBuffer: Promise.resolve(buffer.slice(byteOffset, byteOffset + byteLength)) });
      let status;
      try {
        await next();
        status = c.error === undefined ? c.res.status : 500;
      } finally {
        await done?.(status);
      }
    };
    return waitUntil([executionContext(c)], answer());
  };
}

/** Hono throws where there is none. */
function executionContext(c: { readonly executionCtx: unknown }): unknown {
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}
