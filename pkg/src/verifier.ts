import { bytesOf, type BodyInput } from "./body.js";
import { definitionOf, nameOf, textOf as providerText, type ProviderDefinition } from "./definitions.js";
import { digester } from "./digester.js";
import { HookwardenError, WebhookError } from "./failure.js";
import type { ProviderName, SchemeOption } from "./event.js";
import type { explain, Explanation } from "./explain.js";
import { explainer } from "./explainer.js";
import { listOf, type HeadersInput } from "./headers.js";
import { checkNames, entries, present, seconds, text, word, wrong } from "./options.js";
import { Pool } from "./pool.js";
import { answersOf, type PublicKeyVerifier } from "./public-keys.js";
import { schemaOf, type JsonSchema } from "./schema.js";
import { sign, type Signing, type SignOptions } from "./sign.js";
import { verdictOf, type Accepted, type Rejected, type Verdict } from "./verdict.js";
import { call } from "./wasm.js";

/** What a broken schema leads to: `enforce` refuses, `observe` reports, `off` does not look. */
export type SchemaMode = "enforce" | "observe" | "off";

type Secrets =
  | {
      /** The signing secret, as the provider shows it. */
      readonly secret: string | undefined;
      readonly secrets?: never;
    }
  | {
      /** Several signing secrets, of which any may match: the old and the new while one is rotated. */
      readonly secrets: readonly string[];
      readonly secret?: never;
    };

/** How deliveries are judged. */
export type VerifierOptions<P extends ProviderName = ProviderName, Own extends object = {}> = Secrets & SchemeOption<P> & {
  /** Seconds that the signed time may differ from now, both ways. The scheme's own by default, mostly 300. */
  readonly tolerance?: number | undefined;
  /**
   * What schemas are used for. By default `observe` for those that come with the package, and `enforce` for your own.
   */
  readonly schema?: SchemaMode | undefined;
  /** The same for some events, by event type or by a pattern such as `call.*`. */
  readonly schemaModes?: Readonly<Record<string, SchemaMode>> | undefined;
  /**
   * Your own JSON Schemas, by event type or by a pattern such as `call.*`. They come before those of the package, and
   * make events known that the catalogue does not list.
   */
  readonly schemas?: { readonly [Key in keyof Own]: JsonSchema } | undefined;
  /** What happens to events that the catalogue does not list. `accept` by default. */
  readonly unknownEvents?: "accept" | "refuse" | undefined;
  /** A name that goes into idempotency keys, where a provider delivers to several endpoints. The provider's by default. */
  readonly source?: string | undefined;
  /** The time in Unix seconds, or a function that gives it. The system's clock by default. */
  readonly now?: number | (() => number) | undefined;
  /**
   * The URL of your endpoint as the provider knows it, for providers that sign it (Twilio, Square, HubSpot). Where a delivery
   * comes with a query string of its own, give it to `verify`. Never take the host from headers.
   */
  readonly url?: string | undefined;
  /** The token that you have chosen at the provider, for handshakes that repeat it. */
  readonly handshakeToken?: string | undefined;
  /**
   * Who checks signatures by public keys (Discord). By default node:crypto; where there is none, such deliveries are refused
   * with `source_misconfigured`.
   */
  readonly publicKeys?: PublicKeyVerifier | undefined;
};

/** What may differ from one delivery to the next. */
export interface VerifyOptions {
  /** The time in Unix seconds. */
  readonly now?: number | undefined;
  /** The HTTP method, where the provider's own are to be checked. */
  readonly method?: string | undefined;
  /** The URL, where it differs from the one in the verifier's options: that with the query string as received. */
  readonly url?: string | undefined;
}

/** Judges the deliveries of one source. */
export interface Verifier<P extends ProviderName = ProviderName, Own extends object = {}> {
  /** The provider whose deliveries are judged. */
  readonly provider: P;
  /** How long an idempotency key is worth keeping, in seconds. */
  readonly window: number;
  /** The HTTP methods that the provider delivers with. */
  readonly methods: readonly string[];
  /** The HTTP methods that its handshakes come with. */
  readonly handshakes: readonly string[];
  /** Whether the URL is signed, so that deliveries are refused without it. */
  readonly signsUrl: boolean;
  /** Which bytes are signed where a body comes with `Content-Encoding`; `null` where the provider does not say. */
  readonly compressed: "signed_as_sent" | "signed_inflated" | null;
  /**
   * Judges a delivery. A delivery that is refused is a value, never an exception.
   *
   * @throws {HookwardenError} for a mistake in the call, such as a body that was parsed already.
   */
  verify(headers: HeadersInput, body: BodyInput, options?: VerifyOptions): Verdict<P, Own>;
  /**
   * Judges a delivery and gives the verdict if it is accepted.
   *
   * @throws {WebhookError} if it is refused, with `code` and `status`.
   * @throws {HookwardenError} for a mistake in the call.
   */
  assert(headers: HeadersInput, body: BodyInput, options?: VerifyOptions): Accepted<P, Own>;
  /** The headers that a genuine delivery of this body would carry, made with the first secret. For tests. */
  sign(body: BodyInput, options?: Signing): Record<string, string>;
  /**
   * Says why a delivery is not genuine as it stands. For development: see `hookwarden/explain`, which has to be imported.
   *
   * @throws {HookwardenError} for a mistake in the call, or without that import.
   */
  explain(headers: HeadersInput, body: BodyInput, options?: Explaining): Explanation;
}

/** What else is known of a delivery that is to be explained. */
export interface Explaining {
  /** Other secrets that may have been used by mistake: of another environment, endpoint, or from before a rotation. */
  readonly otherSecrets?: readonly string[] | undefined;
  /** The time in Unix seconds. */
  readonly now?: number | undefined;
  /** The method it came with. Needed where that is signed. */
  readonly method?: string | undefined;
  /** The URL, as for `verify`. */
  readonly url?: string | undefined;
}

/**
 * Makes a verifier for one source. It is cheap enough to be made for every request.
 *
 * ```js
 * const verifier = createVerifier("audian", { secret: process.env.AUDIAN_SECRET });
 * const verdict = verifier.verify(request.headers, rawBody);
 * ```
 *
 * @throws {HookwardenError} for a mistake in the options, such as a missing secret.
 */
export function createVerifier<P extends ProviderName, Own extends object = {}>(
  provider: P, options: VerifierOptions<P, Own>,
): Verifier<P, Own>;
/**
 * Makes a verifier for a provider of your own, from a definition: what `provider.toml` says, as JSON.
 *
 * @throws {HookwardenError} `definition_invalid` with the place and the reason.
 */
export function createVerifier<Own extends object = {}>(
  definition: ProviderDefinition, options: VerifierOptions<ProviderName, Own>,
): Verifier<ProviderName, Own>;
export function createVerifier(provider: unknown, options: VerifierOptions<any, any>): Verifier<any, any> {
  return new SourceVerifier(provider, options);
}

const NAMES = [
  "secret", "secrets", "scheme", "tolerance", "schema", "schemaModes", "schemas", "unknownEvents", "source", "now", "url",
  "handshakeToken", "publicKeys",
];
const MODES: readonly SchemaMode[] = ["enforce", "observe", "off"];

interface Facts {
  readonly headers: ReadonlySet<string>;
  readonly methods: readonly string[];
  readonly window: number;
  readonly provider: string;
  readonly compressed: "signed_as_sent" | "signed_inflated" | null;
  readonly handshakes: readonly string[];
  readonly signsUrl: boolean;
  readonly forms: boolean;
}

/**
 * By the text of the provider, a line break that no JSON text of ours holds, and the text of the options. By the name where
 * there is one: texts of more than 16 KB make slow keys.
 */
const pool = new Pool((text) =>
  call((core) => {
    const end = text.lastIndexOf("\n");
    const handle = new core.Verifier(definitionOf(text.slice(0, end)), text.slice(end + 1));
    const { headers, window_seconds: window, signs_url: signsUrl, ...rest } = JSON.parse(handle.facts);
    const facts: Facts = { headers: new Set<string>(headers), window, signsUrl, ...rest };
    return { handle, facts, free: () => handle.free() };
  }),
);

class SourceVerifier<P extends ProviderName, Own extends object> implements Verifier<P, Own> {
  readonly provider: P;
  readonly window: number;
  readonly methods: readonly string[];
  readonly handshakes: readonly string[];
  readonly compressed;
  readonly signsUrl: boolean;
  /** What the core makes its verifier from. Private for the language too: it holds the secrets. */
  readonly #text: string;
  readonly #now: () => number;
  readonly #headers: ReadonlySet<string>;
  readonly #signing: SignOptions<P>;
  readonly #options: VerifierOptions<P, Own>;
  readonly #named: P;
  readonly #url: string | undefined;
  readonly #publicKeys: PublicKeyVerifier | undefined;
  readonly #forms: boolean;

  constructor(provider: unknown, given: VerifierOptions<P, Own>) {
    const options = checkNames(given, NAMES);
    const secrets = secretsOf(options);
    const scheme = text(options, "scheme");
    const who = providerText(provider);
    const settings = JSON.stringify({
      provider: nameOf(who),
      secrets,
      scheme,
      source: text(options, "source"),
      tolerance_seconds: toleranceOf(options["tolerance"]),
      schema_mode: word(options, "schema", MODES),
      schema_modes: entries(options, "schemaModes", (modes, event) => word(modes, event, MODES)),
      schemas: entries(options, "schemas", (schemas, event) => schemaOf(schemas[event])),
      unknown_events: word(options, "unknownEvents", ["accept", "refuse"]) === "refuse" ? "refuse" : "relay",
      handshake_token: text(options, "handshakeToken"),
    });
    this.#text = `${who}\n${settings}`;
    const { facts } = pool.get(this.#text);
    this.provider = facts.provider as P;
    this.#named = provider as P;
    this.window = facts.window;
    this.methods = facts.methods;
    this.handshakes = facts.handshakes;
    this.compressed = facts.compressed;
    this.signsUrl = facts.signsUrl;
    this.#forms = facts.forms;
    this.#url = text(options, "url");
    this.#publicKeys = callable(options, "publicKeys");
    this.#headers = facts.headers;
    this.#now = clockOf(options["now"]);
    this.#options = { ...given };
    this.#signing = { secret: secrets[0], scheme } as SignOptions<P>;
  }

  verify(headers: HeadersInput, body: BodyInput, options?: VerifyOptions): Verdict<P, Own> {
    const request = { headers: listOf(headers, this.#headers), url: options?.url ?? this.#url, method: options?.method };
    const bytes = bytesOf(body);
    const now = seconds(options?.now === undefined ? this.#now() : options.now);
    const judge = (answers?: string) => {
      const text = textOf(request, answers);
      // Last: what the caller gave may itself make verifiers, and so free this one.
      const { handle } = pool.get(this.#text);
      return call(() => handle.verify(text, bytes, now, digester), bytes.length);
    };
    const answer = judge();
    if (!answer.startsWith('{"checks":')) return verdictOf(answer, this.provider, bytes, this.#forms);
    return verdictOf(judge(answersOf(answer, this.#publicKeys)), this.provider, bytes, this.#forms);
  }

  assert(headers: HeadersInput, body: BodyInput, options?: VerifyOptions): Accepted<P, Own> {
    const verdict = this.verify(headers, body, options);
    if (verdict.verdict === "accepted") return verdict;
    throw new WebhookError(verdict as unknown as Rejected);
  }

  sign(body: BodyInput, options?: Signing): Record<string, string> {
    return sign(this.#named, body, { now: this.#now(), url: this.#url, ...options, ...this.#signing });
  }

  explain(headers: HeadersInput, body: BodyInput, options?: Explaining): Explanation {
    const run = explainer() as typeof explain | undefined;
    if (run === undefined) {
      throw new HookwardenError("explain_missing", 'to have a delivery explained, `import "hookwarden/explain"` first');
    }
    const { now = this.#now, url = this.#url, ...more } = options ?? {};
    return run(this.#named, { ...this.#options, ...more, now, url } as never, headers, body);
  }
}

interface Request {
  readonly method: string | undefined;
  readonly headers: readonly string[];
  readonly url: string | undefined;
}

/** What the core is told of a request: as lines, which cost less than JSON, if that can be. */
function textOf(request: Request, answers: string | undefined): string {
  const { method = "", headers, url } = request;
  const lines = [method, ...headers];
  const plain = url === undefined && answers === undefined && !method.startsWith("{");
  if (plain && lines.every((line) => !line.includes("\n"))) return lines.join("\n");
  return JSON.stringify({ ...request, answers });
}

function callable(options: Record<string, unknown>, name: string): PublicKeyVerifier | undefined {
  const value = options[name];
  if (value === undefined || typeof value === "function") return value as PublicKeyVerifier | undefined;
  throw wrong(`\`${name}\` must be a function`);
}

function secretsOf(options: Record<string, unknown>): string[] {
  if (options["secret"] !== undefined && options["secrets"] !== undefined) {
    throw wrong("give `secret` or `secrets`, not both");
  }
  const secrets: unknown = options["secrets"] ?? [options["secret"]];
  if (!Array.isArray(secrets)) throw wrong("`secrets` must be an array of strings");
  if (secrets.length === 0 || secrets.some((secret) => secret === undefined || secret === null || secret === "")) {
    throw new HookwardenError("secret_missing", "there is no secret: is the environment variable set?");
  }
  if (secrets.some((secret) => typeof secret !== "string")) throw wrong("a secret must be a string");
  return secrets as string[];
}

function toleranceOf(value: unknown): number | undefined {
  if (value === undefined || (Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32)) {
    return value as number | undefined;
  }
  throw wrong("`tolerance` must be a whole number of seconds");
}

function clockOf(value: unknown): () => number {
  if (value === undefined) return present;
  if (typeof value === "function") return value as () => number;
  const fixed = seconds(value);
  return () => fixed;
}
