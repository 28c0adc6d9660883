import type { Code } from "./failure.js";
import type { Event, ProviderName } from "./event.js";

/** One place where a payload breaks its schema. Holds no value of the payload, unless it was asked for. */
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
  /** The beginning of the value at fault, as text: only where `compileSchema` was asked for values. */
  readonly value?: string;
}

export type SchemaStatus = "valid" | "invalid" | "unknown_event" | "off";

/** What a schema says of a payload. */
export interface SchemaReport {
  readonly status: SchemaStatus;
  /** At most 16 places, in the order of the payload. */
  readonly violations: readonly Violation[];
}

/** The answer that a provider's handshake wants. It is to be sent instead of anything else. */
export interface Handshake {
  readonly status: number;
  readonly content_type: string;
  readonly body: string;
}

/** A delivery that is genuine, recent, and not refused for its payload. */
export interface Accepted<P extends ProviderName = ProviderName, Own extends object = {}> {
  readonly provider: P;
  readonly verdict: "accepted";
  readonly code: null;
  readonly event: Event<P, Own>;
  readonly schema: SchemaReport;
  /** The idempotency key: the same for every delivery of one event to one source. 64 hexadecimal digits. */
  readonly key: string;
  /** Whether another delivery with this key is the same event again. Where not, each is an event of its own. */
  readonly dedupe: boolean;
  /** `origin` where the sender waits for an answer with content, `any` where each 2xx will do. */
  readonly reply: "any" | "origin";
  /** Which of the secrets matched, counted from 0. */
  readonly secret: number;
  /** The answer that this request wants, if it is a handshake of the provider. */
  readonly handshake?: Handshake;
  /** The payload, parsed when it is first asked for; `undefined` where it is not JSON. */
  readonly payload: unknown;
}

/** A delivery that is refused. What is known of it once it is authenticated is `null` before. */
export interface Rejected<P extends ProviderName = ProviderName, Own extends object = {}> {
  readonly provider: P;
  readonly verdict: "rejected";
  /** Why. */
  readonly code: Code;
  /** What exactly is wrong, where there is more to say. */
  readonly detail?: string;
  readonly event: Event<P, Own> | null;
  readonly schema: SchemaReport | null;
  readonly key: string | null;
  readonly dedupe: boolean | null;
  readonly reply: "any" | "origin" | null;
  readonly secret: number | null;
  /** The answer that this request wants, if it is a handshake that the provider does not sign. */
  readonly handshake?: Handshake;
  /** As for an accepted delivery; always `undefined` where the signature was not right. */
  readonly payload: unknown;
}

export type Verdict<P extends ProviderName = ProviderName, Own extends object = {}> =
  | Accepted<P, Own>
  | Rejected<P, Own>;

/** The core's answer, as it crosses the border. */
interface Answer {
  readonly verdict: "accepted" | "rejected";
  readonly code: Code | null;
  readonly detail?: string;
  readonly provider: string;
  readonly event: { readonly type: string | null; readonly id: string | null; readonly timestamp: number | null } | null;
  readonly schema: SchemaReport | null;
  readonly key: string | null;
  readonly dedupe: boolean | null;
  readonly reply: "any" | "origin" | null;
  readonly secret: number | null;
  readonly handshake?: Handshake;
}

export function verdictOf<P extends ProviderName, Own extends object>(
  answer: string, body: Uint8Array, forms: boolean,
): Verdict<P, Own> {
  return new JudgedDelivery(JSON.parse(answer) as Answer, body, forms) as unknown as Verdict<P, Own>;
}

// What leads to the payload are getters of the class and no properties of the object, so that a verdict that is printed,
// logged or turned into JSON holds nothing of the payload.

class JudgedDelivery {
  readonly verdict;
  readonly code;
  declare readonly detail?: string;
  readonly provider;
  readonly event: JudgedEvent | null;
  readonly schema;
  readonly key;
  readonly dedupe;
  readonly reply;
  readonly secret;
  declare readonly handshake?: Handshake;
  readonly #payload: Payload | undefined;

  constructor(answer: Answer, body: Uint8Array, forms: boolean) {
    this.verdict = answer.verdict;
    this.code = answer.code;
    if (answer.detail !== undefined) this.detail = answer.detail;
    this.provider = answer.provider;
    this.#payload = answer.event === null ? undefined : new Payload(body, forms);
    this.event = this.#payload === undefined ? null : new JudgedEvent(answer, this.#payload);
    this.schema = answer.schema;
    this.key = answer.key;
    this.dedupe = answer.dedupe;
    this.reply = answer.reply;
    this.secret = answer.secret;
    if (answer.handshake !== undefined) this.handshake = answer.handshake;
  }

  get payload(): unknown {
    return this.#payload?.value;
  }
}

class JudgedEvent {
  readonly type;
  readonly id;
  readonly timestamp;
  readonly #known;
  readonly #payload;

  constructor({ event, schema }: Answer, payload: Payload) {
    this.type = event?.type ?? null;
    this.id = event?.id ?? null;
    this.timestamp = event?.timestamp ?? null;
    this.#known = schema?.status === "valid";
    this.#payload = payload;
  }

  get known(): boolean {
    return this.#known;
  }

  get data(): unknown {
    return this.#payload.value;
  }
}

let decoder: TextDecoder | undefined;

/** A body that is parsed when somebody asks for it. */
class Payload {
  #body: Uint8Array | undefined;
  #value: unknown;
  readonly #forms: boolean;

  constructor(body: Uint8Array, forms: boolean) {
    this.#body = body;
    this.#forms = forms;
  }

  get value(): unknown {
    if (this.#body !== undefined) {
      this.#value = parse(this.#body, this.#forms);
      this.#body = undefined;
    }
    return this.#value;
  }
}

/** As strict as the core: no byte order mark, no bytes that are not UTF-8. */
function parse(body: Uint8Array, forms: boolean): unknown {
  decoder ??= new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    const text = decoder.decode(body);
    if (forms && !/^[{[]/.test(text)) return Object.fromEntries(new URLSearchParams(text));
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
