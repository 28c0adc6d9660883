import { CODES, type Code } from "hookwarden/errors";
import type { Handshake, Violation } from "../verdict.js";

/** An answer that is given without the handler. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** What goes into an answer besides its code. */
interface More {
  readonly detail?: string | undefined;
  readonly violations?: readonly Violation[] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal as `application/problem+json` (RFC 9457). */
export function problem(code: Code, { detail, violations = [], headers }: More = {}): Answer {
  const { status, meaning } = CODES[code];
  // Where in the schema and not where in the payload: a path there may hold names that only the payload knows.
  const places = violations.map(({ keyword, schema, line, column }) => ({ keyword, schema, line, column }));
  const content = {
    type: "about:blank", title: meaning, status, code, detail, violations: places.length > 0 ? places : undefined,
  };
  return {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...headers },
    body: JSON.stringify(content),
  };
}

/** An answer with a status and nothing else. */
export function bare(status: number, headers?: Readonly<Record<string, string>>): Answer {
  return { status, headers: { "cache-control": "no-store", ...headers }, body: null };
}

/** The answer to a handshake. No browser may take it for a page: something of the request is in it. */
export function reply({ status, content_type: type, body }: Handshake): Answer {
  const headers = { "content-type": type, "cache-control": "no-store", "x-content-type-options": "nosniff" };
  return { status, headers, body: body === "" ? null : body };
}

/** The answer where a handler has failed and there is no framework to give one. */
export function failed(): Answer {
  const content = { type: "about:blank", title: "The webhook could not be handled.", status: 500 };
  const headers = { "content-type": "application/problem+json", "cache-control": "no-store" };
  return { status: 500, headers, body: JSON.stringify(content) };
}
