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
      const accepted = request as Accepted;
      accepted.webhook = accepted[PAYLOAD_OF] = admitted.webhook;
      accepted._body = true;
      Object.defineProperty(request, "body", BODY);
      return true;
    };
    accept().then((accepted) => accepted && next(), next);
  };
}

const PAYLOAD_OF = Symbol("hookwarden.webhook");

type Accepted = ExpressRequest & { webhook: Webhook; [PAYLOAD_OF]: Webhook; _body: true };

/**
 * The payload, parsed when a handler asks, and replaced like any other property. `_body` keeps parsers that come later away.
 * The same two functions for all requests: with functions of its own, each would be an object of a kind of its own to the
 * engine, and everything that Express does with it slower.
 */
const BODY: PropertyDescriptor & ThisType<Accepted> = {
  get() {
    return this[PAYLOAD_OF].payload;
  },
  set(value: unknown) {
    Object.defineProperty(this, "body", { value, writable: true, configurable: true, enumerable: true });
  },
  configurable: true,
  enumerable: true,
};
