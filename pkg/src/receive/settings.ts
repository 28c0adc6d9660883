import { createVerifier, type Verifier, type VerifierOptions } from "hookwarden";
import { HookwardenError, type Code } from "hookwarden/errors";
import type { ProviderName } from "../event.js";
import type { DedupeStore } from "../stores/store.js";
import type { Rejected } from "../verdict.js";
import type { Webhook } from "./webhook.js";

/** Why a delivery did not reach the handler. */
export interface Rejection {
  /** `body_cut_short`: the sender hung up in the middle. */
  readonly code: Code | "body_cut_short";
  /** The HTTP status that it was answered with. */
  readonly status: number;
  /** More about it, where there is something. */
  readonly detail: string | undefined;
  /** The verdict; `null` where it was refused before its signature was looked at. */
  readonly verdict: Rejected | null;
}

/**
 * How deliveries are received. The hooks are told what happened and cannot change it: nothing waits for them, and what
 * they throw goes to `onError`.
 */
export interface WebhookOptions<P extends ProviderName = ProviderName, Own extends object = {}> {
  /**
   * The URL of your endpoint as the provider knows it, for providers that sign it (Twilio, Square, HubSpot). The query string
   * of each delivery takes the place of its own; scheme, host and path are never taken from a request.
   */
  readonly url?: string | undefined;
  /** The largest body in bytes. 1,048,576 (1 MiB) by default. */
  readonly maxBodyBytes?: number | undefined;
  /** Remembers events, so that each is handled once: see `hookwarden/stores`. Without one, every delivery is handled. */
  readonly dedupe?: DedupeStore | undefined;
  /**
   * Seconds for which an event counts as being handled: longer than your handler ever takes. If the process dies, a
   * retry is answered 503 for as long. 60 by default.
   */
  readonly lease?: number | undefined;
  /** While the store fails: `open` handles the delivery anyway, `closed` answers 503. `open` by default. */
  readonly fail?: "open" | "closed" | undefined;
  /** Seconds after which the store counts as failing. 1 by default. */
  readonly storeTimeout?: number | undefined;
  /** A delivery goes to the handler. */
  readonly onAccepted?: ((webhook: Webhook<P, Own>) => unknown) | undefined;
  /** A delivery of an event that was handled (`settled`) or is being handled (`in_flight`), and is not handled again. */
  readonly onDuplicate?: ((webhook: Webhook<P, Own>, state: "settled" | "in_flight") => unknown) | undefined;
  /** A delivery is refused. */
  readonly onRejected?: ((rejection: Rejection) => unknown) | undefined;
  /** The store or a hook failed, or where no framework takes it, the handler. Printed by default. */
  readonly onError?: ((error: unknown) => unknown) | undefined;
}

/** A verifier, or a function that makes one when the first delivery arrives. */
export type VerifierSource<P extends ProviderName, Own extends object> = Verifier<P, Own> | (() => Verifier<P, Own>);

/** The options of an adapter that makes the verifier itself. */
export type ProviderOptions<P extends ProviderName, Own extends object> =
  VerifierOptions<P, Own> & WebhookOptions<P, Own>;

export interface Settings<P extends ProviderName, Own extends object> {
  readonly verifier: () => Verifier<P, Own>;
  /** The URL of the endpoint, where it is configured. */
  readonly url: string | undefined;
  readonly maxBodyBytes: number;
  readonly dedupe: DedupeStore | undefined;
  readonly lease: number;
  readonly fail: "open" | "closed";
  readonly storeTimeout: number;
  readonly hooks: Pick<WebhookOptions<P, Own>, "onAccepted" | "onDuplicate" | "onRejected" | "onError">;
}

const HOOKS = ["onAccepted", "onDuplicate", "onRejected", "onError"] as const;
const NAMES = new Set<string>(["url", "maxBodyBytes", "dedupe", "lease", "fail", "storeTimeout", ...HOOKS]);

/** Reads what an adapter is given. Mistakes are errors at once and not at the first delivery. */
export function settingsOf<P extends ProviderName, Own extends object>(
  source: unknown, given: unknown = {}, handler: unknown = undefined,
): Settings<P, Own> {
  if (typeof given !== "object" || given === null) throw wrong("the options must be an object");
  if (handler !== undefined && typeof handler !== "function") throw wrong("the handler must be a function");
  const [own, rest] = split(given as Record<string, unknown>);
  const hooks = Object.fromEntries(HOOKS.map((name) => [name, optionalFunction(own, name)]));
  return {
    verifier: verifierOf(source, rest),
    url: urlOf(own["url"]),
    maxBodyBytes: positive(own, "maxBodyBytes", 1_048_576),
    dedupe: storeOf(own["dedupe"]),
    lease: positive(own, "lease", 60),
    fail: failOf(own["fail"]),
    storeTimeout: positive(own, "storeTimeout", 1),
    hooks,
  };
}

type Table = Record<string, unknown>;

function split(given: Table): [Table, Table] {
  const pick = (wanted: boolean) =>
    Object.fromEntries(Object.entries(given).filter(([name]) => NAMES.has(name) === wanted));
  return [pick(true), pick(false)];
}

function verifierOf<P extends ProviderName, Own extends object>(source: unknown, rest: Table): () => Verifier<P, Own> {
  const defines = typeof source === "object" && source !== null && "schemes" in source;
  if (typeof source === "string" || defines) {
    const verifier = createVerifier(source as P, rest as unknown as VerifierOptions<P, Own>);
    return () => verifier;
  }
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    throw wrong(`there is no option \`${unknown}\` here, only: ${[...NAMES].join(", ")}. Others belong to createVerifier`);
  }
  if (typeof source === "function") {
    let made: Verifier<P, Own> | undefined;
    return () => (made ??= verified(source()));
  }
  const verifier = verified<P, Own>(source);
  return () => verifier;
}

function verified<P extends ProviderName, Own extends object>(value: unknown): Verifier<P, Own> {
  if (typeof (value as Verifier | null | undefined)?.verify === "function") return value as Verifier<P, Own>;
  throw wrong('give the name of a provider, such as "audian", or what createVerifier() makes');
}

function urlOf(value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw wrong("`url` must be a string");
}

function positive(options: Table, name: string, standard: number): number {
  const value = options[name] ?? standard;
  if (typeof value === "number" && value > 0 && Number.isFinite(value)) return value;
  throw wrong(`\`${name}\` must be a positive number`);
}

function optionalFunction(options: Table, name: string): unknown {
  const value = options[name];
  if (value === undefined || typeof value === "function") return value;
  throw wrong(`\`${name}\` must be a function`);
}

function failOf(value: unknown): "open" | "closed" {
  if (value === undefined || value === "open" || value === "closed") return value ?? "open";
  throw wrong("`fail` must be one of open, closed");
}

function storeOf(value: unknown): DedupeStore | undefined {
  const methods = ["claim", "settle", "release"] as const;
  const store = value as DedupeStore | undefined;
  if (store === undefined || methods.every((name) => typeof store?.[name] === "function")) return store;
  throw wrong("`dedupe` must be a store with the methods claim, settle and release: see hookwarden/stores");
}

function wrong(message: string): HookwardenError {
  return new HookwardenError("options_invalid", message);
}
