import {
  createVerifier,
  HookwardenError,
  type BodyInput,
  type Explaining,
  type ProviderDefinition,
  type HeadersInput,
  type ProviderName,
  type VerifierOptions,
} from "hookwarden";
import { bytesOf, isAuthentic, pairsOf, type Trial } from "./explain/delivery.js";
import { clues, hintFor } from "./explain/clues.js";
import { search } from "./explain/search.js";
import { provideExplain } from "./explainer.js";

/** One reason why a signature does not fit, and what to do. Holds no secret, no signature and no payload value. */
export interface Finding {
  /** A stable word, such as `body_stringified`. */
  readonly id: string;
  /**
   * `proven` where the signature fits once this is undone; `possible` where the delivery only looks like it, and what
   * was lost cannot be brought back.
   */
  readonly confidence: "proven" | "possible";
  /** What happened, in one sentence. */
  readonly message: string;
  /** What shows it in this delivery. */
  readonly evidence: string;
  /** What to change. */
  readonly remedy: string;
  /** The finding that comes together with this one: the signature fits only when both are undone. */
  readonly with?: string;
}

/** Why a delivery is not genuine as it stands. */
export interface Explanation {
  /**
   * What `verify` says: `null` for a delivery that is accepted, a code for one that is refused, `secret_invalid` for a
   * secret that the provider cannot have issued.
   */
  readonly code: string | null;
  /** The reasons that were found, the likeliest first. None for a delivery whose signature and time are right. */
  readonly findings: readonly Finding[];
  /** What else to look at, where nothing was found. */
  readonly hint: string | null;
  /** How many changed deliveries were judged. */
  readonly tried: number;
  /** `false` where the search was cut short, because the body is large. */
  readonly complete: boolean;
}

/** How a delivery is explained: as it is verified, and with what else you know. */
export type ExplainOptions<P extends ProviderName = ProviderName> =
  VerifierOptions<P> & Pick<Explaining, "otherSecrets" | "method">;

/**
 * Says why the signature of a delivery does not fit, by trying what people get wrong. For development: it judges up to
 * some thousand changed deliveries, so do not offer it to the senders of deliveries.
 *
 * ```js
 * const { findings } = explain("audian", { secret }, request.headers, rawBody);
 * for (const { message, evidence, remedy } of findings) console.log(message, evidence, remedy);
 * ```
 *
 * @throws {HookwardenError} for a mistake in the call, such as a body that was parsed already.
 */
export function explain<P extends ProviderName>(
  provider: P | ProviderDefinition,
  options: ExplainOptions<P>,
  headers: HeadersInput,
  body: BodyInput,
): Explanation {
  const { otherSecrets = [], method, ...verifying } = options;
  if (!Array.isArray(otherSecrets) || otherSecrets.some((secret) => typeof secret !== "string" || secret === "")) {
    throw new HookwardenError("options_invalid", "`otherSecrets` must be an array of strings that are not empty");
  }
  const code = judge(provider, verifying as VerifierOptions<P>, headers, body, method);
  const nothing = { code: code.word, findings: [], hint: null, tried: 0, complete: true };
  if (code.word === null || (code.authentic && !code.word.startsWith("timestamp_"))) return nothing;

  const now = typeof options.now === "function" ? options.now() : (options.now ?? Date.now() / 1000);
  const trial: Trial = {
    provider: provider as ProviderName,
    scheme: options.scheme,
    secrets: options.secrets ?? [options.secret as string],
    headers: pairsOf(headers),
    body: bytesOf(body),
    method,
    more: { url: options.url, publicKeys: options.publicKeys },
  };
  const context = { otherSecrets, code: code.word, now };
  if (code.authentic) return { ...nothing, findings: clues(trial, context) };

  const { findings, tried, complete } = search(trial, context);
  // What cannot be proven is only said where nothing could be.
  const all = findings.length > 0 ? findings : clues(trial, context);
  if (all.length === 0 && code.error !== undefined) throw code.error;
  return { code: code.word, findings: all, hint: all.length === 0 ? hintFor(trial) : null, tried, complete };
}

interface Judgement {
  readonly word: string | null;
  readonly authentic: boolean;
  readonly error?: HookwardenError;
}

function judge<P extends ProviderName>(
  provider: P | ProviderDefinition,
  options: VerifierOptions<P>,
  headers: HeadersInput,
  body: BodyInput,
  method: string | undefined,
): Judgement {
  try {
    const verdict = createVerifier(provider as P, options).verify(headers, body, { method });
    return { word: verdict.code, authentic: isAuthentic(verdict) };
  } catch (error) {
    // A secret with a line break at its end is such a mistake, and worth an explanation.
    if (!(error instanceof HookwardenError) || error.code !== "secret_invalid") throw error;
    return { word: error.code, authentic: false, error };
  }
}

provideExplain(explain);
