// One delivery, judged by the core in every respect that the page shows.

import {
  compileSchema,
  createVerifier,
  HookwardenError,
  sign,
  type PublicKeyVerifier,
  type Verdict,
} from "hookwarden/slim";
import { toBase64 } from "../delivery/bytes.js";
import { providerOf, schemeOf, signs, type ProviderFacts, type SchemeFacts } from "../delivery/catalogue.js";
import { definitionOf } from "../delivery/definition.js";
import { guess, guessScheme } from "../delivery/guess.js";
import { valuesOf } from "../delivery/headers.js";
import { hasPublicKey, isUncheckable, publicKeysFor } from "./keys.js";
import { nobodysHeaders, nobodysSecret } from "./nobody.js";
import type { Judgement, Misuse, PlainVerdict, Question, TextReport } from "./protocol.js";
import { signedAt } from "./signed-at.js";
import { signedContent } from "./signed-content.js";

/** `{` and `[`. */
const JSON_STARTS: readonly (number | undefined)[] = [0x7b, 0x5b];

export async function judge(question: Question): Promise<Judgement> {
  const started = performance.now();
  const target = targetOf(question);
  const { provider, given, scheme } = target;
  const schemaMisuse =
    question.ownSchema === undefined ? undefined : misuseOf(() => compileSchema(question.ownSchema as string));
  // A schema that cannot be honoured is said beside it, and the delivery judged without.
  const asked = schemaMisuse === undefined ? question : { ...question, ownSchema: undefined };
  const text = textReport(asked);

  let verdict: PlainVerdict | undefined;
  let misuse = target.misuse;
  const secrets = asked.secrets.filter((secret) => secret !== "");
  if (given !== undefined && secrets.length > 0) misuse = unjudgeable(scheme, asked);
  if (given !== undefined && secrets.length > 0 && misuse === undefined) {
    const publicKeys = await publicKeysFor(scheme);
    misuse = misuseOf(() => {
      const verifier = verifierFor(given, scheme?.name, secrets, asked, publicKeys);
      verdict = plain(verifier.verify(asked.headers, asked.body, requestOf(scheme, asked)));
    });
  }
  const preview =
    given !== undefined && (verdict?.event ?? null) === null ? await previewOf(given, scheme, asked) : undefined;
  return {
    provider: provider?.name,
    title: provider?.title,
    scheme: scheme?.name,
    guess: target.guess,
    verdict,
    preview,
    text,
    signed:
      provider !== undefined && scheme !== undefined && asked.body.length + asked.headers.length > 0
        ? signedContent({
            given: given as string | object,
            scheme,
            headers: asked.headers,
            body: asked.body,
            url: asked.url,
            method: asked.method ?? "POST",
          })
        : undefined,
    misuse,
    schemaMisuse: schemaMisuse?.message,
    signsUrl: signs(scheme, "url"),
    isUrlGuessed: signs(scheme, "url") && asked.isUrlGuessed,
    isForm: provider?.payload === "form" && asked.body.length > 0 && !JSON_STARTS.includes(asked.body[0]),
    tolerance: scheme?.tolerance_seconds,
    signedAt: scheme === undefined ? undefined : signedAt(scheme, asked),
    now: asked.now,
    milliseconds: performance.now() - started,
  };
}

interface Target {
  readonly provider?: ProviderFacts | undefined;
  /** As the package takes it: a name or a definition. */
  readonly given?: string | object | undefined;
  readonly scheme?: SchemeFacts | undefined;
  readonly guess?: Judgement["guess"];
  readonly misuse?: Misuse | undefined;
}

function targetOf(question: Question): Target {
  if (question.definition !== undefined) {
    const read = definitionOf(question.definition);
    if ("error" in read) return { misuse: { code: "definition_invalid", message: read.error } };
    const { facts, definition } = read;
    const scheme = schemeOf(facts, question.scheme ?? guessScheme(facts, question.headers));
    return { provider: facts, given: definition, scheme };
  }
  const guessed = question.provider === undefined ? guess(question.headers, question.body) : undefined;
  const provider = providerOf(question.provider ?? guessed?.provider);
  if (provider === undefined) return {};
  const name = question.scheme ?? guessed?.scheme ?? guessScheme(provider, question.headers);
  return { provider, given: provider.name, scheme: schemeOf(provider, name), guess: guessed };
}

function verifierFor(
  given: string | object,
  scheme: string | undefined,
  secrets: readonly string[],
  question: Question,
  publicKeys?: PublicKeyVerifier,
) {
  const { mode, ownSchema, now } = question;
  // The types know the names of the catalogue only.
  return createVerifier(
    given as never,
    {
      secrets,
      scheme,
      now,
      publicKeys,
      ...(mode === "enforce" && { schema: mode }),
      ...(ownSchema !== undefined && { schemas: { "*": ownSchema } }),
    } as never,
  );
}

/** Method and URL, as far as they matter. Providers deliver with POST, unless somebody knows better. */
export function requestOf(scheme: SchemeFacts | undefined, { method, url }: Question): { method?: string; url?: string } {
  const signed = method ?? (signs(scheme, "method") ? "POST" : undefined);
  return {
    ...(signed !== undefined && { method: signed }),
    // Also where it is not signed: handshakes may be in the query.
    ...(url !== undefined && { url }),
  };
}

/** What only the person can change: the core would refuse each such delivery, and mean the configuration. */
function unjudgeable(scheme: SchemeFacts | undefined, { url }: Question): Misuse | undefined {
  const because = (message: string) => ({ code: "source_misconfigured", message });
  if (isUncheckable(scheme))
    return because("This page cannot check signatures by RSA. The gateway and the npm package can.");
  if (signs(scheme, "url") && url === undefined)
    return because("This scheme signs the URL: enter the one that the provider calls.");
  return undefined;
}

function plain(verdict: Verdict): PlainVerdict {
  const { event, code, detail, schema, key, dedupe, secret, handshake } = verdict as Verdict & { detail?: string };
  return {
    verdict: verdict.verdict,
    code,
    detail,
    event: event && { type: event.type, id: event.id, timestamp: event.timestamp },
    schema,
    key,
    dedupe,
    secret,
    handshake,
  };
}

/**
 * What the stages after the signature would say. The body is signed anew with a secret that is nobody's, since the core
 * reads no payload of a delivery that is not authentic.
 */
async function previewOf(
  given: string | object,
  scheme: SchemeFacts | undefined,
  question: Question,
): Promise<PlainVerdict | undefined> {
  if (scheme === undefined) return undefined;
  const names = scheme.headers.flatMap((family) => family.id ?? []);
  const [id] = names.flatMap((name) => valuesOf(question.headers, name));
  const request = { method: question.method ?? "POST", url: await urlFor(scheme, question) };
  const secret = nobodysSecret(scheme);
  const now = Math.max(0, question.now);
  const others = question.headers.filter(
    ([name]) => !scheme.headers.some((family) => Object.values(family).some((own) => own === name.toLowerCase())),
  );
  // An id that the scheme cannot sign is left out.
  for (const own of new Set([id, undefined])) {
    try {
      const signing = { secret, scheme: scheme.name, id: own, now, ...request };
      const headers = hasPublicKey(scheme)
        ? nobodysHeaders(scheme, own ?? "msg_probe", now)
        : Object.entries(sign(given as never, question.body, signing as never));
      const verifier = verifierFor(given, scheme.name, [secret], question, () => true);
      return plain(verifier.verify([...others, ...headers], question.body, request));
    } catch (error) {
      if (!(error instanceof HookwardenError)) throw error;
    }
  }
  return undefined;
}

/** Any URL that the scheme could sign: what it says does not matter, unless it holds a digest of the body. */
async function urlFor({ body_digest: digest }: SchemeFacts, { body }: Question): Promise<string> {
  const url = "https://example.com/";
  if (digest === undefined || crypto.subtle === undefined) return url;
  const name = (digest.hash ?? "sha256").replace("sha", "SHA-");
  const bytes = new Uint8Array(await crypto.subtle.digest(name, body));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const value = digest.encoding === "base64" ? encodeURIComponent(toBase64(bytes)) : hex;
  return `${url}?${digest.query}=${value}`;
}

/** Whether the body is strict JSON; and where there is no provider, what one's own schema says of it. */
function textReport({ body, ownSchema }: Question): TextReport {
  const { code, detail, violations } = compileSchema(ownSchema ?? true).validate(body);
  return { code, detail, violations };
}

/** What is wrong with a call, if it is. */
export function misuseOf(call: () => unknown): Misuse | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (error instanceof HookwardenError) return { code: error.code, message: error.message };
    throw error;
  }
}
