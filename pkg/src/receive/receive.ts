// The way in, the same for every framework: method, encoding, size, verdict, claim. Framework shells turn a request into
// an `Arrival`, and what comes back into an answer or a call of the handler.

import type { Code } from "hookwarden/errors";
import type { ProviderName } from "../event.js";
import type { Explanation } from "../explain.js";
import type { HeadersInput } from "../headers.js";
import type { Accepted, Rejected } from "../verdict.js";
import type { Verifier } from "../verifier.js";
import { bare, problem, reply, type Answer } from "./answer.js";
import { Unread } from "./body.js";
import { explained } from "./explained.js";
import { gunzip } from "./gzip.js";
import { Hold } from "./claim.js";
import { tell } from "./hooks.js";
import type { Settings } from "./settings.js";
import { ReceivedWebhook, type Webhook } from "./webhook.js";

/** What a framework knows of a request whose body was not read yet. */
export interface Arrival {
  readonly method: string;
  /** Path and query string, or the whole URL. */
  readonly url: string | undefined;
  readonly headers: HeadersInput;
  readonly header: (name: "content-encoding" | "content-length") => string | null | undefined;
  readonly body: (limit: number) => Uint8Array | Promise<Uint8Array>;
}

/** A delivery for the handler. */
export interface Admitted<P extends ProviderName, Own extends object> {
  readonly webhook: Webhook<P, Own>;
  /**
   * To be called with the status of the handler's answer, or without one if there is none. It never fails. Absent where
   * nobody has to know.
   */
  readonly done?: (status?: number) => Promise<void>;
}

export type Received<P extends ProviderName, Own extends object> =
  | { readonly answer: Answer; readonly admitted?: never }
  | { readonly admitted: Admitted<P, Own>; readonly answer?: never };

/** Most providers wait longer than that before they try again. */
const RETRY_AFTER_SECONDS = 10;
const ENCODINGS: ReadonlySet<string> = new Set(["identity", "gzip", "x-gzip"]);

export async function receive<P extends ProviderName, Own extends object>(
  settings: Settings<P, Own>, arrival: Arrival,
): Promise<Received<P, Own>> {
  const verifier = settings.verifier();
  const { method } = arrival;
  if (!verifier.methods.includes(method) && !verifier.handshakes.includes(method)) {
    return early(settings, "method_not_allowed", { allow: verifier.methods.join(", ") });
  }
  const encoding = (arrival.header("content-encoding") ?? "identity").trim().toLowerCase();
  // What was signed compressed would have to be judged as it is and read as it was: nobody does so yet.
  const isSignedAsSent = encoding !== "identity" && verifier.compressed === "signed_as_sent";
  if (!ENCODINGS.has(encoding) || isSignedAsSent) return unsupported(settings);
  let body;
  try {
    const declared = arrival.header("content-length");
    if (Number(declared ?? 0) > settings.maxBodyBytes) throw new Unread("payload_too_large");
    body = await arrival.body(settings.maxBodyBytes);
    // What a platform has read beforehand was never counted.
    if (body.byteLength > settings.maxBodyBytes) throw new Unread("payload_too_large");
    if (encoding !== "identity") body = await gunzip(body, settings.maxBodyBytes);
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    if (error.code === "payload_too_large") return early(settings, error.code);
    if (error.code === "encoding_unsupported") return unsupported(settings);
    tell(settings.hooks, "onRejected", { code: error.code, status: 400, detail: undefined, verdict: null });
    return { answer: bare(400) };
  }
  const request = { method, url: urlOf(verifier, settings.url, arrival.url) };
  const verdict = verifier.verify(arrival.headers, body, request);
  if (verdict.handshake !== undefined) return { answer: reply(verdict.handshake) };
  if (verdict.verdict === "rejected") {
    const unsigned = verdict.event === null;
    const explanation = unsigned ? explained(settings, verifier, arrival.headers, body, request) : undefined;
    return refuse(settings, verdict as unknown as Rejected, explanation);
  }
  return admit(settings, verdict as Accepted<P, Own>, body);
}

/** What is configured, with the query string as it was received. Of a handshake, only that matters. */
function urlOf({ signsUrl }: Verifier<any, any>, configured: string | undefined, received: string | undefined) {
  const query = received?.split("#")[0]?.split("?").slice(1).join("?");
  if (!query || (signsUrl && configured === undefined)) return configured;
  return `${(configured ?? "").split("?")[0]}?${query}`;
}

/** RFC 9110, section 15.5.16: the answer says which codings would do. */
const unsupported = (settings: Settings<any, any>) =>
  early(settings, "encoding_unsupported", { "accept-encoding": "gzip, identity" });

/** Refuses before there is a verdict. */
function early(settings: Settings<any, any>, code: Code, headers: Record<string, string> = {}) {
  const answer = problem(code, { headers });
  tell(settings.hooks, "onRejected", { code, status: answer.status, detail: undefined, verdict: null });
  return { answer };
}

function refuse(settings: Settings<any, any>, verdict: Rejected, explanation?: Explanation) {
  const { code, detail, schema } = verdict;
  const answer = problem(code, { detail, violations: schema?.violations });
  const why = explanation === undefined ? {} : { explanation };
  tell(settings.hooks, "onRejected", { code, status: answer.status, detail, verdict, ...why });
  return { answer };
}

function admit<P extends ProviderName, Own extends object>(
  settings: Settings<P, Own>, verdict: Accepted<P, Own>, body: Uint8Array,
): Received<P, Own> | Promise<Received<P, Own>> {
  if (settings.dedupe !== undefined && verdict.dedupe) return claim(settings, verdict, body);
  const webhook = new ReceivedWebhook(verdict, body, "off");
  tell(settings.hooks, "onAccepted", webhook);
  return { admitted: { webhook } };
}

async function claim<P extends ProviderName, Own extends object>(
  settings: Settings<P, Own>, verdict: Accepted<P, Own>, body: Uint8Array,
): Promise<Received<P, Own>> {
  const { hooks, fail } = settings;
  const hold = new Hold(settings, verdict.key);
  const outcome = await hold.claim();
  const webhook = new ReceivedWebhook(verdict, body, outcome === "unavailable" ? "unavailable" : "claimed");
  if (typeof outcome === "object") {
    tell(hooks, "onDuplicate", webhook, "settled");
    return { answer: bare(outcome.settled, { "x-hookwarden-duplicate": "true" }) };
  }
  if (outcome === "in_flight") {
    tell(hooks, "onDuplicate", webhook, "in_flight");
    return later("in_flight");
  }
  if (outcome === "unavailable" && fail === "closed") {
    // The store may have noted the claim nevertheless.
    void hold.done(undefined);
    return later("store_unavailable");
  }
  tell(hooks, "onAccepted", webhook);
  return { admitted: { webhook, done: (status) => hold.done(status) } };
}

/** A refusal that will not last. */
function later(code: Code) {
  return { answer: problem(code, { headers: { "retry-after": String(RETRY_AFTER_SECONDS) } }) };
}
