// What Express, Fastify and plain servers have in common: Node's request and response.

import type { IncomingMessage, ServerResponse } from "node:http";
import { HookwardenError } from "hookwarden/errors";
import type { Answer } from "./answer.js";
import type { Admitted, Arrival } from "./receive.js";

export function arrivalOf(request: IncomingMessage, body: Arrival["body"]): Arrival {
  // A header that came twice is twice in the raw ones only. Serverless platforms make requests without them.
  const { rawHeaders, headers, method = "" } = request;
  return {
    method, headers: rawHeaders?.length > 0 ? rawHeaders : headers, header: (name) => headers[name], body,
  };
}

/** Gives an answer, if anybody is still there to take it. */
export function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  // What of the body was not read would be taken for the next request.
  if (!request.complete) response.setHeader("connection", "close");
  response.writeHead(status, { ...headers, "content-length": body === null ? 0 : new TextEncoder().encode(body).length });
  response.end(body);
}

/**
 * Settles or releases by what becomes of the response. `false` if the sender has gone already: then nobody would learn
 * what a handler does, and the provider tries again.
 */
export function watch(response: ServerResponse, { done }: Admitted<any, any>): boolean {
  if (response.destroyed || response.closed) {
    void done();
    return false;
  }
  response.once("finish", () => void done(response.statusCode));
  response.once("close", () => void done());
  return true;
}

export function alreadyRead(): HookwardenError {
  return new HookwardenError(
    "body_parsed",
    "the body was read before the webhook was verified, and the signature covers the bytes as they were sent, which no " +
      "JSON.stringify can restore. Mount webhook() before express.json() and every other parser, or keep the bytes with " +
      "express.json({ verify: (req, res, bytes) => { req.rawBody = bytes } })",
  );
}
