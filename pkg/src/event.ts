import type { Providers } from "./generated/providers.js";

/** The name of a provider that comes with the package. */
export type ProviderName = keyof Providers;

/** The signature schemes of a provider. */
export type SchemeName<P extends ProviderName> = Providers[P]["scheme"];

/** The signature scheme, which must be named where the provider has several and prefers none. */
export type SchemeOption<P extends ProviderName> = [ProviderName] extends [P]
  ? { readonly scheme?: SchemeName<P> | undefined }
  : IsUnion<SchemeName<P>> extends true
    ? Providers[P] extends { preferred: true }
      ? { readonly scheme?: SchemeName<P> | undefined }
      : { readonly scheme: SchemeName<P> }
    : { readonly scheme?: SchemeName<P> | undefined };

type IsUnion<T, One = T> = T extends T ? ([One] extends [T] ? false : true) : never;

/** The event types of a provider's catalogue. */
export type EventType<P extends ProviderName> = P extends ProviderName ? keyof Providers[P]["events"] & string : never;

interface EventBase {
  /** The provider's id of the event, the same on every retry. */
  readonly id: string | null;
  /** When it was sent, in Unix seconds: the signed time of the attempt, or what the payload says. */
  readonly timestamp: number | null;
}

/** An event of one type, whose payload satisfies the schema of that type. */
export interface EventOf<P extends ProviderName, T extends EventType<P>> extends EventBase {
  readonly known: true;
  readonly type: T;
  /** The whole payload, parsed when it is first asked for. */
  readonly data: Providers[P]["events"][T & keyof Providers[P]["events"]];
}

/** An event that a schema of your own is for, and whose payload satisfies it. */
export interface OwnEvent<T extends string, Data> extends EventBase {
  readonly known: true;
  readonly type: T;
  /** The whole payload, parsed when it is first asked for. */
  readonly data: Data;
}

/** The event types that a key of `schemas` is for: one, or all that begin like a pattern such as `call.*`. */
type Matching<Key> = Key extends `${infer Start}*` ? `${Start}${string}` : Key extends string ? Key : never;

/**
 * An event whose payload satisfies the schema of its type: `type` says what `data` is. `Own` are the payloads of your own
 * schemas, which come before those of the catalogue.
 */
export type KnownEvent<P extends ProviderName, Own extends object = {}> = P extends ProviderName
  ? | { [T in Exclude<EventType<P>, Matching<keyof Own>>]: EventOf<P, T> }[Exclude<EventType<P>, Matching<keyof Own>>]
    | { [Key in keyof Own]: OwnEvent<Matching<Key>, Own[Key]> }[keyof Own]
  : never;

/** An authentic event of which nothing more is certain: not in the catalogue, or its payload breaks its schema. */
export interface UnknownEvent extends EventBase {
  readonly known: false;
  readonly type: string | null;
  /** The whole payload, parsed when it is first asked for; `undefined` where it is not JSON. */
  readonly data: unknown;
}

/**
 * What a delivery says it is. Ask for `known` first, then for `type`:
 *
 * ```ts
 * if (event.known) {
 *   switch (event.type) {
 *     case "call.completed":
 *       console.log(event.data.data.duration);
 *   }
 * }
 * ```
 */
export type Event<P extends ProviderName = ProviderName, Own extends object = {}> = KnownEvent<P, Own> | UnknownEvent;
