// One delivery, judged by the core in every respect that the page shows.

import { compileSchema, createVerifier, HookwardenError, sign, type Verdict } from "hookwarden/slim";
import { providerOf, schemeOf, type ProviderFacts, type SchemeFacts } from "../delivery/catalogue.js";
import { definitionOf } from "../delivery/definition.js";
import { guess, guessScheme } from "../delivery/guess.js";
import { valuesOf } from "../delivery/headers.js";
import type { Judgement, Misuse, PlainVerdict, Question, TextReport } from "./protocol.js";
import { signedContent } from "./signed-content.js";

/** Secrets that are nobody's, one for each form that a scheme may ask for. */
const NOBODYS = ["cHJvYmUgcHJvYmUgcHJvYmUgcHJvYmUgcHJvYmUgcHI=", "probe"];

export function judge(question: Question): Judgement {
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
  if (given !== undefined && secrets.length > 0) {
    misuse = misuseOf(
      () =>
        (verdict = plain(
          verifierFor(given, scheme?.name, secrets, asked).verify(
            asked.headers,
            asked.body,
            asked.method === undefined ? {} : { method: asked.method },
          ),
        )),
    );
  }
  const preview =
    given !== undefined && (verdict?.event ?? null) === null ? previewOf(given, scheme, asked) : undefined;
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
        ? signedContent({ provider, given: given as string | object, scheme, headers: asked.headers, body: asked.body })
        : undefined,
    misuse,
    schemaMisuse: schemaMisuse?.message,
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
) {
  const { mode, ownSchema, now } = question;
  // The types know the names of the catalogue only.
  return createVerifier(
    given as never,
    {
      secrets,
      scheme,
      now,
      ...(mode === "enforce" && { schema: mode }),
      ...(ownSchema !== undefined && { schemas: { "*": ownSchema } }),
    } as never,
  );
}

function plain(verdict: Verdict): PlainVerdict {
  const { event, code, detail, schema, key, dedupe, secret } = verdict as Verdict & { detail?: string };
  return {
    verdict: verdict.verdict,
    code,
    detail,
    event: event && { type: event.type, id: event.id, timestamp: event.timestamp },
    schema,
    key,
    dedupe,
    secret,
  };
}

/**
 * What the stages after the signature would say. The body is signed anew with a secret that is nobody's, since the core
 * reads no payload of a delivery that is not authentic.
 */
function previewOf(
  given: string | object,
  scheme: SchemeFacts | undefined,
  question: Question,
): PlainVerdict | undefined {
  const names = scheme?.headers.flatMap((family) => family.id ?? []) ?? [];
  const [id] = names.flatMap((name) => valuesOf(question.headers, name));
  // An id that the scheme cannot sign is left out, and so is a secret of the wrong form.
  for (const [secret, own] of [
    [NOBODYS[0], id],
    [NOBODYS[0], undefined],
    [NOBODYS[1], id],
  ]) {
    try {
      const signing = { secret, scheme: scheme?.name, id: own, now: Math.max(0, question.now) };
      const headers = sign(given as never, question.body, signing as never);
      return plain(verifierFor(given, scheme?.name, [secret as string], question).verify(headers, question.body));
    } catch (error) {
      if (!(error instanceof HookwardenError)) throw error;
    }
  }
  return undefined;
}

/** Whether the body is strict JSON; and where there is no provider, what one's own schema says of it. */
function textReport({ body, ownSchema }: Question): TextReport {
  const { code, detail, violations } = compileSchema(ownSchema ?? true).validate(body);
  return { code, detail, violations };
}

function signedAt(scheme: SchemeFacts, { headers }: Question): number | undefined {
  for (const family of scheme.headers) {
    const [value] = family.timestamp === undefined ? [] : valuesOf(headers, family.timestamp);
    const inList = new RegExp(`(?:^|,\\s*)${scheme.timestamp_label ?? "t"}=(\\d{1,12})(?:,|$)`);
    const [list] = family.signature === undefined ? [] : valuesOf(headers, family.signature);
    const text = value ?? (scheme.timestamp_label === undefined ? undefined : inList.exec(list ?? "")?.[1]);
    if (text !== undefined && /^\d{1,12}$/.test(text.trim())) return Number(text);
  }
  return undefined;
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
