// What Fetch handlers and Hono have in common.

import type { Answer } from "./answer.js";
import { collect } from "./body.js";
import { alreadyRead } from "./node.js";
import type { Arrival } from "./receive.js";

/** @param kept the body, where somebody has read it and kept the bytes */
export function arrivalOfFetch(request: Request, kept?: Uint8Array): Arrival {
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    header: (name) => request.headers.get(name),
    async body(limit) {
      if (kept !== undefined) return kept;
      if (request.bodyUsed) throw alreadyRead();
      return collect(request.body, limit);
    },
  };
}

export function responseOf({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers });
}

/** Workers end a handler when the sender hangs up, unless its work was handed to `waitUntil`. */
export function waitUntil<T>(context: readonly unknown[], work: Promise<T>): Promise<T> {
  for (const one of context) {
    const { waitUntil } = (one ?? {}) as { waitUntil?: unknown };
    if (typeof waitUntil === "function") waitUntil.call(one, work.catch(() => {}));
  }
  return work;
}
