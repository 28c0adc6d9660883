import type { ProviderName } from "./event.js";
import type { ProviderOptions, VerifierSource, WebhookOptions } from "./receive/settings.js";
import type { Webhook } from "./receive/webhook.js";
import { arrivalOfFetch, receive, responseOf, settingsOf, waitUntil } from "./receive.js";

export type { Rejection, WebhookOptions } from "./receive/settings.js";
export type { Webhook };

/** Handles an accepted delivery. Without a `Response`, the answer is 204. `context` is what the framework gave besides. */
export type Handler<P extends ProviderName, Own extends object = {}, Context extends readonly unknown[] = unknown[]> = (
  webhook: Webhook<P, Own>, request: Request, ...context: Context
) => Response | void | Promise<Response | void>;

/** Answers a `Request`. What else the framework gives is handed on. */
export type FetchHandler<Context extends readonly unknown[]> = (
  request: Request, ...context: Context
) => Promise<Response>;

/**
 * A function from `Request` to `Response`, for Next.js route handlers, Remix, Astro, SvelteKit, Deno, Bun and Workers. What
 * is not accepted is answered before your handler is called. What that throws is thrown on, and the event is free again.
 *
 * ```js
 * export const POST = webhook("audian", { secret: process.env.AUDIAN_SECRET }, async (webhook) => {
 *   console.log(webhook.event.type, webhook.payload);
 * });
 * ```
 */
export function webhook<P extends ProviderName, Own extends object = {}, Context extends readonly unknown[] = any[]>(
  provider: P, options: ProviderOptions<P, Own>, handler: Handler<P, Own, Context>,
): FetchHandler<Context>;
export function webhook<P extends ProviderName, Own extends object = {}, Context extends readonly unknown[] = any[]>(
  verifier: VerifierSource<P, Own>, options: WebhookOptions<P, Own>, handler: Handler<P, Own, Context>,
): FetchHandler<Context>;
export function webhook(source: unknown, options: unknown, handler: Handler<any>): FetchHandler<unknown[]> {
  const settings = settingsOf<ProviderName, {}>(source, options, handler ?? null);
  const answer = async (request: Request, context: unknown[]) => {
    const { answer, admitted } = await receive(settings, arrivalOfFetch(request));
    if (answer !== undefined) return responseOf(answer);
    let status;
    try {
      const response = (await handler(admitted.webhook, request, ...context)) ?? new Response(null, { status: 204 });
      ({ status } = response);
      return response;
    } finally {
      await admitted.done?.(status);
    }
  };
  return (request, ...context) => waitUntil(context, answer(request, context));
}
