import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProviderName } from "./event.js";
import type { ProviderOptions, VerifierSource, WebhookOptions } from "./receive/settings.js";
import type { Webhook } from "./receive/webhook.js";
import { arrivalOf, bodyOfExpress, failed, receive, report, send, settingsOf, watch } from "./receive.js";

export type { Rejection, WebhookOptions } from "./receive/settings.js";
export type { Webhook };

/** Handles an accepted delivery and ends the response. */
export type Handler<P extends ProviderName, Own extends object = {}> = (
  webhook: Webhook<P, Own>, request: IncomingMessage, response: ServerResponse,
) => unknown;

/** Answers a request of `node:http`. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A listener for Node's own servers. What is not accepted is answered before your handler is called. If that throws, the
 * answer is 500 and the error goes to `onError`.
 *
 * ```js
 * createServer(webhook("audian", { secret: process.env.AUDIAN_SECRET }, (webhook, request, response) => {
 *   console.log(webhook.event.type, webhook.payload);
 *   response.writeHead(204).end();
 * })).listen(3000);
 * ```
 */
export function webhook<P extends ProviderName, Own extends object = {}>(
  provider: P, options: ProviderOptions<P, Own>, handler: Handler<P, Own>,
): Listener;
export function webhook<P extends ProviderName, Own extends object = {}>(
  verifier: VerifierSource<P, Own>, options: WebhookOptions<P, Own>, handler: Handler<P, Own>,
): Listener;
export function webhook(source: unknown, options: unknown, handler: Handler<any>): Listener {
  const settings = settingsOf<ProviderName, {}>(source, options, handler ?? null);
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const received = await receive(settings, arrivalOf(request, (limit) => bodyOfExpress(request, limit)));
    if (received.answer !== undefined) return send(request, response, received.answer);
    if (watch(response, received.admitted)) await handler(received.admitted.webhook, request, response);
  };
  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      report(settings.hooks, error);
      // Half an answer cannot be taken back, and must not look like a whole one.
      if (response.headersSent) response.destroy();
      else send(request, response, failed());
    });
  };
}
