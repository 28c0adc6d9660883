// The admin API, as far as the dashboard asks it. The token is in this object and nowhere else.

/** A line of the delivery log; README has the fields. */
export interface Delivery {
  readonly id: number;
  /** Unix seconds. */
  readonly at: number;
  readonly via: string;
  readonly source: string | null;
  readonly provider: string | null;
  readonly verdict: string;
  readonly code: string | null;
  readonly detail?: string;
  readonly event_type: string | null;
  readonly event_id: string | null;
  readonly schema: string | null;
  readonly violations?: readonly string[];
  readonly key: string | null;
  readonly duplicate: boolean;
  readonly secret: number | null;
  readonly status: number | null;
  readonly origin_status: number | null;
  readonly body_ms?: number | null;
  readonly store_ms?: number | null;
  readonly origin_ms?: number | null;
  readonly schema_ms?: number;
  readonly attempt?: number;
  readonly retry_seconds?: number;
  readonly notes?: readonly string[];
}

export interface DeadLetter {
  /** The event's idempotency key. */
  readonly id: string;
  readonly at: number;
  readonly source: string;
  readonly event_type: string | null;
  readonly event_id: string | null;
  readonly reason: string;
  readonly code: string | null;
  readonly origin_status: number | null;
  readonly attempts: number;
  readonly bytes: number;
}

/** One with the names of its headers. */
export interface WholeLetter extends DeadLetter {
  readonly method: string;
  readonly headers: readonly string[];
}

export interface Count {
  readonly at: number;
  readonly source: string | null;
  readonly verdict: string;
  readonly code: string | null;
  readonly count: number;
}

export interface Replayed {
  readonly id: string;
  readonly outcome: string;
  readonly code?: string | null;
  readonly origin_status?: number | null;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * `absent`: there is no admin API; `refused`: the token is not the gateway's; `unreachable`: no answer;
 * `unavailable`: the log does not answer; `gone`: there is no such entry any more; `mistaken`: anything else.
 */
export type Trouble = "absent" | "refused" | "unreachable" | "unavailable" | "gone" | "mistaken";

export class ApiError extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble, message = "") {
    super(message);
    this.trouble = trouble;
  }
}

const PATIENCE_MS = 20_000;
/** A replay asks an origin. */
const REPLAY_PATIENCE_MS = 90_000;

export class Api {
  readonly #token: string;
  readonly #end = new AbortController();

  constructor(token: string) {
    this.#token = token;
  }

  /** Whoever still waits for an answer gets none. */
  close(): void {
    this.#end.abort();
  }

  get isClosed(): boolean {
    return this.#end.signal.aborted;
  }

  deliveries(query: Query): Promise<{ deliveries: Delivery[]; cursor: string | null }> {
    return this.#ask("GET", "deliveries", query);
  }

  delivery(id: number): Promise<{ delivery: Delivery; attempts: Delivery[] }> {
    return this.#ask("GET", `deliveries/${id}`);
  }

  counts(query: Query): Promise<{ step: number; counts: Count[] }> {
    return this.#ask("GET", "counts", query);
  }

  deadLetters(query: Query): Promise<{ dead_letters: DeadLetter[]; cursor: string | null }> {
    return this.#ask("GET", "dead-letters", query);
  }

  deadLetter(id: string): Promise<{ dead_letter: WholeLetter }> {
    return this.#ask("GET", `dead-letters/${encodeURIComponent(id)}`);
  }

  replay(id: string): Promise<{ replayed: Replayed[] }> {
    return this.#ask("POST", `dead-letters/${encodeURIComponent(id)}/replay`, {}, REPLAY_PATIENCE_MS);
  }

  removeOne(id: string): Promise<{ removed: number }> {
    return this.#ask("DELETE", `dead-letters/${encodeURIComponent(id)}`);
  }

  remove(query: Query): Promise<{ removed: number; more: boolean }> {
    return this.#ask("DELETE", "dead-letters", query);
  }

  async #ask<T>(method: string, path: string, query: Query = {}, patience = PATIENCE_MS): Promise<T> {
    const url = new URL(`/_hookwarden/api/${path}`, location.origin);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const answer = await this.#fetch(method, url, AbortSignal.any([this.#end.signal, AbortSignal.timeout(patience)]));
    if (answer.ok && answer.body !== undefined) return answer.body as T;
    throw troubleOf(answer);
  }

  async #fetch(method: string, url: URL, signal: AbortSignal): Promise<Answer> {
    let headers;
    try {
      headers = new Headers({ authorization: `Bearer ${this.#token}` });
    } catch {
      // No header can hold it, so it is nobody's token.
      throw new ApiError("refused");
    }
    try {
      const init = { method, headers, signal, cache: "no-store", credentials: "omit", redirect: "error" } as const;
      const response = await fetch(url, init);
      const { ok, status } = response;
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      return { ok, status, body: isJson ? ((await response.json()) as Record<string, unknown>) : undefined };
    } catch {
      throw new ApiError("unreachable");
    }
  }
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: Record<string, unknown> | undefined;
}

function troubleOf({ ok, status, body }: Answer): ApiError {
  const title = typeof body?.["title"] === "string" ? body["title"] : `The answer was ${status}.`;
  if (status === 401) return new ApiError("refused");
  // The gateway's own answer to an unknown path has a code, the API's answer to an unknown entry has none.
  if (status === 404 && body !== undefined && !("code" in body)) return new ApiError("gone");
  // Other hosts may answer anything with a page.
  if (ok || status === 404 || status === 405) return new ApiError("absent");
  if (status >= 500) return new ApiError("unavailable", title);
  return new ApiError("mistaken", title);
}
