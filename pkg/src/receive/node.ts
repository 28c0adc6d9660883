// What Express, Fastify and plain servers have in common: Node's request and response.

import type { IncomingMessage, ServerResponse } from "node:http";
import { HookwardenError } from "hookwarden/errors";
import type { Answer } from "./answer.js";
import type { Admitted, Arrival } from "./receive.js";

export function arrivalOf(request: IncomingMessage, body: Arrival["body"]): Arrival {
  // Not the raw headers: serverless platforms make requests without them.
  const { headers, method = "" } = request;
  // Routers cut off what they have matched from `url`, never the query string.
  return { method, url: request.url, headers, header: (name) => headers[name], body };
}

/** Gives an answer, if anybody is still there to take it. */
export function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  if (leavesRest(request)) response.setHeader("connection", "close");
  response.writeHead(status, headers);
  response.end(body ?? undefined);
}

/** Whether the connection must end with the answer, because more of the body is to come. HTTP/2 has streams for that. */
export function leavesRest(request: IncomingMessage): boolean {
  return !request.complete && request.httpVersionMajor === 1;
}

/**
 * Settles or releases by what becomes of the response. `false` if the sender has gone already: then nobody would learn
 * what a handler does, and the provider tries again.
 */
export function watch(response: ServerResponse, { done }: Admitted<any, any>): boolean {
  if (response.destroyed || response.closed) {
    void done?.();
    return false;
  }
  if (done === undefined) return true;
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
