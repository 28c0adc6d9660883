export function json(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  return Response.json(value, { status, headers: { "cache-control": "no-store", ...headers } });
}

/** A problem (RFC 9457) without a code: those are about deliveries. */
export function problem(status: number, title: string, headers: Record<string, string> = {}): Response {
  const type = { "content-type": "application/problem+json" };
  return json(status, { type: "about:blank", title, status }, { ...type, ...headers });
}
