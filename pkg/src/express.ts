import type { IncomingMessage, ServerResponse } from "node:http";
import type { ProviderName } from "./event.js";
import type { ExpressRequest } from "./receive/express-body.js";
import type { ProviderOptions, VerifierSource, WebhookOptions } from "./receive/settings.js";
import type { Webhook } from "./receive/webhook.js";
import { bodyOfExpress, arrivalOf, receive, send, settingsOf, watch } from "./receive.js";

export type { Rejection, WebhookOptions } from "./receive/settings.js";
export type { Webhook };

declare global {
  namespace Express {
    interface Request {
      /** The delivery, where the middleware of `hookwarden/express` has accepted it. */
      webhook?: Webhook;
    }
  }
}

/** Middleware of Express 4 and 5, and of whatever takes such: Connect, NestJS. */
export type Middleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * Lets through what is accepted, with `req.webhook` and the parsed payload as `req.body`, and answers everything else.
 * Mount it before `express.json()` and other parsers.
 *
 * ```js
 * app.post("/webhooks", webhook("audian", { secret: process.env.AUDIAN_SECRET }), (req, res) => {
 *   console.log(req.webhook.event.type, req.body);
 *   res.sendStatus(204);
 * });
 * ```
 */
export function webhook<P extends ProviderName, Own extends object = {}>(
  provider: P, options: ProviderOptions<P, Own>,
): Middleware;
export function webhook<P extends ProviderName, Own extends object = {}>(
  verifier: VerifierSource<P, Own>, options?: WebhookOptions<P, Own>,
): Middleware;
export function webhook(source: unknown, options?: unknown): Middleware {
  const settings = settingsOf<ProviderName, {}>(source, options);
  return (request: ExpressRequest, response, next) => {
    const arrival = arrivalOf(request, (limit) => bodyOfExpress(request, limit));
    const accept = async () => {
      const { answer, admitted } = await receive(settings, arrival);
      if (answer !== undefined) send(request, response, answer);
      if (admitted === undefined || !watch(response, admitted)) return false;
      const { webhook } = admitted;
      // Parsed when a handler asks, and replaced like any other property. `_body` keeps parsers that come later away.
      const body = { get: () => webhook.payload, set: (value: unknown) => define(request, { value, writable: true }) };
      define(request, body);
      Object.assign(request, { webhook, _body: true });
      return true;
    };
    accept().then((accepted) => accepted && next(), next);
  };
}

function define(request: ExpressRequest, property: PropertyDescriptor): void {
  Object.defineProperty(request, "body", { ...property, configurable: true, enumerable: true });
}
