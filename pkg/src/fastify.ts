import { Readable } from "node:stream";
import type { FastifyPluginCallback } from "fastify";
import type { ProviderName } from "./event.js";
import type { ProviderOptions, VerifierSource, WebhookOptions } from "./receive/settings.js";
import type { Webhook } from "./receive/webhook.js";
import { arrivalOf, collectNode, leavesRest, receive, settingsOf, watch } from "./receive.js";

export type { Rejection, WebhookOptions } from "./receive/settings.js";
export type { Webhook };

declare module "fastify" {
  interface FastifyRequest {
    /** The delivery, where the plugin of `hookwarden/fastify` has accepted it. */
    webhook?: Webhook;
  }
}

/**
 * A plugin for Fastify 5. In the scope where it is registered, only accepted deliveries reach the routes, with
 * `request.webhook` and the parsed payload as `request.body`; everything else is answered. Other scopes stay as they are.
 *
 * ```js
 * app.register(async (scope) => {
 *   scope.register(webhook("audian", { secret: process.env.AUDIAN_SECRET }));
 *   scope.post("/webhooks", async (request, reply) => {
 *     console.log(request.webhook.event.type, request.body);
 *     return reply.code(204).send();
 *   });
 * });
 * ```
 */
export function webhook<P extends ProviderName, Own extends object = {}>(
  provider: P, options: ProviderOptions<P, Own>,
): FastifyPluginCallback;
export function webhook<P extends ProviderName, Own extends object = {}>(
  verifier: VerifierSource<P, Own>, options?: WebhookOptions<P, Own>,
): FastifyPluginCallback;
export function webhook(source: unknown, options?: unknown): FastifyPluginCallback {
  const settings = settingsOf<ProviderName, {}>(source, options);
  const plugin: FastifyPluginCallback = (scope, _, registered) => {
    if (!scope.hasRequestDecorator("webhook")) scope.decorateRequest("webhook");
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (request, _, parsed) => parsed(null, request.webhook?.payload));
    // Before Fastify reads and parses, and for requests without a body, too.
    scope.addHook("preParsing", async (request, reply, stream) => {
      const body = (limit: number) => collectNode(stream as Readable, limit);
      const { answer, admitted } = await receive(settings, arrivalOf(request.raw, body));
      if (answer !== undefined) {
        if (leavesRest(request.raw)) reply.header("connection", "close");
        // As bytes: Fastify adds a charset to text, and would send `null` as JSON.
        const bytes = answer.body === null ? undefined : new TextEncoder().encode(answer.body);
        return reply.code(answer.status).headers(answer.headers).send(bytes);
      }
      if (!watch(reply.raw, admitted)) return reply.hijack();
      request.webhook = admitted.webhook;
      return Readable.from([]);
    });
    registered();
  };
  // Concerns the scope that it is registered in, and not one of its own.
  return Object.assign(plugin, { [Symbol.for("skip-override")]: true });
}
