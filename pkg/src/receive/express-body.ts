import type { IncomingMessage } from "node:http";
import { collectNode } from "./body.js";
import { alreadyRead } from "./node.js";

/** A request that parsers or a platform may have read. */
export type ExpressRequest = IncomingMessage & { body?: unknown; rawBody?: unknown };

/**
 * The bytes that were sent: those that a platform kept, those that `express.raw()` read, or those that are still to come.
 * What a parser made of them is no substitute.
 */
export function bodyOfExpress(request: ExpressRequest, limit: number): Uint8Array | Promise<Uint8Array> {
  for (const kept of [request.rawBody, request.body]) {
    // Also one of another realm, such as a test runner's.
    if (ArrayBuffer.isView(kept)) return new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength);
    if (typeof kept === "string") return new TextEncoder().encode(kept);
  }
  if (request.readableDidRead || request.readableEnded) throw alreadyRead();
  return collectNode(request, limit);
}
