import type { Code } from "./errors.js";
import type { Event, ProviderName } from "./event.js";

/** One place where a payload breaks its schema. Holds no value of the payload. */
export interface Violation {
  /** JSON Pointer to the value at fault. */
  readonly path: string;
  /** The keyword that is not satisfied, or the code where the text itself is at fault. */
  readonly keyword: string;
  /** One sentence for a person. */
  readonly message: string;
  /** Where in the schema the keyword stands. */
  readonly schema: string;
  /** Counted from 1. */
  readonly line: number;
  /** In characters, counted from 1. */
  readonly column: number;
}

export type SchemaStatus = "valid" | "invalid" | "unknown_event" | "off";

/** What a schema says of a payload. */
export interface SchemaReport {
  readonly status: SchemaStatus;
  /** At most 16 places, in the order of the payload. */
  readonly violations: readonly Violation[];
}

interface Judged<P extends ProviderName> {
  readonly provider: P;
}

/** A delivery that is genuine, recent, and not refused for its payload. */
export interface Accepted<P extends ProviderName = ProviderName> extends Judged<P> {
  readonly verdict: "accepted";
  readonly code: null;
  readonly event: Event<P>;
  readonly schema: SchemaReport;
  /** The idempotency key: the same for every delivery of one event to one source. 64 hexadecimal digits. */
  readonly key: string;
  /** Whether another delivery with this key is the same event again. Where not, each is an event of its own. */
  readonly dedupe: boolean;
  /** `origin` where the sender waits for an answer with content, `any` where each 2xx will do. */
  readonly reply: "any" | "origin";
  /** Which of the secrets matched, counted from 0. */
  readonly secret: number;
  /** The payload, parsed when it is first asked for; `undefined` where it is not JSON. */
  readonly payload: unknown;
}

/** A delivery that is refused. What is known of it once it is authenticated is `null` before. */
export interface Rejected<P extends ProviderName = ProviderName> extends Judged<P> {
  readonly verdict: "rejected";
  /** Why. */
  readonly code: Code;
  /** What exactly is wrong, where there is more to say. */
  readonly detail?: string;
  readonly event: Event<P> | null;
  readonly schema: SchemaReport | null;
  readonly key: string | null;
  readonly dedupe: boolean | null;
  readonly reply: "any" | "origin" | null;
  readonly secret: number | null;
  /** As for an accepted delivery; always `undefined` where the signature was not right. */
  readonly payload: unknown;
}

export type Verdict<P extends ProviderName = ProviderName> = Accepted<P> | Rejected<P>;

type Plain = { [Key in "verdict" | "code" | "provider" | "key" | "dedupe" | "reply" | "secret"]: unknown } & {
  detail?: string;
  event: { type: string | null; id: string | null; timestamp: number | null } | null;
  schema: SchemaReport | null;
};

/** Makes the core's answer a verdict. Nothing of the payload is among the properties that are copied or printed. */
export function verdictOf<P extends ProviderName>(answer: string, body: Uint8Array): Verdict<P> {
  const plain = JSON.parse(answer) as Plain;
  const payload = once(() => parse(body));
  if (plain.event !== null) {
    hidden(plain.event, "known", () => plain.schema?.status === "valid");
    hidden(plain.event, "data", payload);
  }
  hidden(plain, "payload", plain.event === null ? () => undefined : payload);
  return plain as unknown as Verdict<P>;
}

function hidden(object: object, name: string, get: () => unknown): void {
  Object.defineProperty(object, name, { get, configurable: true });
}

function once(make: () => unknown): () => unknown {
  let made: { value: unknown } | undefined;
  return () => (made ??= { value: make() }).value;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** As strict as the core: no byte order mark, no bytes that are not UTF-8. */
function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch {
    return undefined;
  }
}
