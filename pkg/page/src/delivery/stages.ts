// The verdict as the row of stages that a delivery goes through, each with what came of it.

import { CODES } from "hookwarden/errors";
import { distance, shownTime } from "./time.js";
import type { Handshake } from "hookwarden/slim";
import type { Judgement, PlainVerdict } from "../judge/protocol.js";

/** `preview`: what would hold if the signature were right. `wait`: something is missing to say. */
export type State = "pass" | "fail" | "warn" | "preview" | "wait" | "none";

export interface Stage {
  readonly id: "signature" | "time" | "json" | "event" | "schema" | "key";
  readonly title: string;
  readonly state: State;
  /** One sentence. */
  readonly says: string;
  /** It holds what the sender chose: a backtick in it is one. */
  readonly plain?: boolean;
}

export interface Headline {
  readonly state: "accepted" | "rejected" | "open" | "empty";
  readonly title: string;
  readonly code: string | undefined;
  readonly says: string;
}

const SIGNATURE = new Set([
  "signature_missing",
  "signature_malformed",
  "signature_mismatch",
  "id_missing",
  "method_not_allowed",
]);
const TIME = new Set(["timestamp_missing", "timestamp_malformed", "timestamp_too_old", "timestamp_too_new"]);
const JSON_CODES = new Set(["payload_not_json", "payload_too_deep", "duplicate_key", "payload_too_large"]);

export function stagesOf(judgement: Judgement, isEmpty: boolean): Stage[] {
  return [
    { id: "signature", title: "Signature", ...signature(judgement, isEmpty) },
    { id: "time", title: "Time", ...time(judgement, isEmpty) },
    { id: "json", title: "JSON", ...json(judgement, isEmpty) },
    ...payload(judgement, isEmpty),
  ];
}

type Said = Pick<Stage, "state" | "says" | "plain">;

const said = (state: State, says: string): Said => ({ state, says });
const meaning = (code: string): string =>
  Object.hasOwn(CODES, code) ? CODES[code as keyof typeof CODES].meaning : code;

function signature({ verdict, provider, misuse, scheme, signed }: Judgement, isEmpty: boolean): Said {
  if (isEmpty) return said("none", "Is it from whom it says it is?");
  if (provider === undefined) return said("wait", "Choose a provider: none of the headers is one that is known.");
  if (misuse !== undefined) return said("wait", sentence(misuse.message));
  if (verdict === undefined) return said("wait", "Needs the signing secret.");
  const { code, detail } = verdict;
  if (code !== null && SIGNATURE.has(code)) return said("fail", withDetail(meaning(code), detail));
  if (verdict.event === null && code !== "timestamp_too_old" && code !== "timestamp_too_new") {
    return said("wait", "Not judged: what comes before it failed.");
  }
  if (signed?.kind === "token") return said("pass", `The secret in \`${signed.header}\` is right. Nothing is signed.`);
  const which = (verdict.secret ?? 0) > 0 ? ` It fits secret ${(verdict.secret ?? 0) + 1}.` : "";
  return said("pass", `Right, by the scheme ${scheme ?? "of this provider"}.${which}`);
}

function time({ verdict, tolerance, signedAt, now, provider, signed }: Judgement, isEmpty: boolean): Said {
  if (isEmpty) return said("none", "Was it signed lately?");
  if (provider === undefined) return said("wait", "Not judged yet.");
  const code = verdict?.code ?? null;
  if (code !== null && TIME.has(code)) {
    const away =
      signedAt === undefined
        ? ""
        : ` It was signed ${distance(now - signedAt)} ${now < signedAt ? "ahead of" : "before"} the clock.`;
    return said("fail", meaning(code) + away);
  }
  if (tolerance === undefined) {
    return said(
      "none",
      signed?.kind === "token"
        ? "This scheme has no time."
        : "This scheme signs no time, so an old capture fits for ever.",
    );
  }
  if (signedAt === undefined) return said(verdict === undefined ? "wait" : "none", "No signed time was found.");
  const apart = now === signedAt ? "just now" : `${distance(now - signedAt)} ${now < signedAt ? "ahead" : "ago"}`;
  if (verdict?.event != null) return said("pass", `Signed ${apart}; ${tolerance} s are allowed.`);
  return said("preview", `Says it was signed ${apart} (${shownTime(signedAt)}).`);
}

function json({ text, verdict, isForm }: Judgement, isEmpty: boolean): Said {
  if (isEmpty) return said("none", "Is the body strict JSON?");
  if (isForm) return said("pass", "A form, whose fields are read as texts.");
  const code = verdict?.code ?? null;
  if (code !== null && JSON_CODES.has(code) && verdict?.event === null) {
    return said("fail", withDetail(meaning(code), verdict.detail));
  }
  if (text.code !== null && JSON_CODES.has(text.code)) return said("fail", withDetail(meaning(text.code), text.detail));
  return said("pass", "Strict JSON, no key twice.");
}

function payload(judgement: Judgement, isEmpty: boolean): Stage[] {
  const { verdict, preview, provider } = judgement;
  const authentic = verdict?.event != null;
  const shown = authentic ? verdict : preview;
  const stage = (id: Stage["id"], title: string, one: Said): Stage => ({
    id,
    title,
    ...one,
    // Nothing is certain of a payload that nobody vouches for.
    state: authentic || one.state === "fail" || one.state === "wait" || one.state === "none" ? one.state : "preview",
  });
  if (isEmpty) {
    return [
      stage("event", "Event", said("none", "What happened, and which id does it have?")),
      stage("schema", "Schema", said("none", "Does the payload have the shape of its event?")),
      stage("key", "Idempotency key", said("none", "By what is the event known again?")),
    ];
  }
  if (shown?.event == null) {
    const why = provider === undefined ? "Needs a provider." : "Not judged: the body could not be read.";
    const own = ownSchema(judgement);
    return [
      stage("event", "Event", said("wait", why)),
      stage("schema", "Schema", own ?? said("wait", why)),
      stage("key", "Idempotency key", said("wait", why)),
    ];
  }
  return [
    stage("event", "Event", event(shown)),
    stage("schema", "Schema", schema(shown, judgement)),
    stage("key", "Idempotency key", key(shown)),
  ];
}

/** Where no provider says what the event is, one's own schema can still be held against the body. */
function ownSchema({ provider, text, schemaMisuse }: Judgement): Said | undefined {
  if (provider !== undefined) return undefined;
  if (schemaMisuse !== undefined) return said("fail", "Your schema cannot be honoured.");
  if (text.code === "schema_violation") return said("fail", places(text.violations.length));
  return undefined;
}

function event({ event, schema, handshake }: PlainVerdict): Said {
  const { type, id } = event ?? { type: null, id: null };
  const named = id === null ? "" : `, id ${id}`;
  const plain = (state: State, says: string): Said => ({ state, says, plain: true });
  if (handshake !== undefined) {
    const is = type === null ? "No event, but a handshake" : `${type}: no event, but a handshake`;
    return plain("pass", `${is}, to be answered with ${answerOf(handshake)}.`);
  }
  if (type === null) return plain("fail", `${meaning("event_type_missing").replace(/\.$/, "")}${named}.`);
  const known = schema?.status === "unknown_event" ? ", which the catalogue does not list" : "";
  return plain(known === "" ? "pass" : "warn", `${type}${named}${known}.`);
}

const answerOf = ({ status, body }: Handshake): string =>
  body === "" ? `${status} and no body` : `${status} and ${body.length > 200 ? `${body.slice(0, 200)}…` : body}`;

function schema({ schema, code }: PlainVerdict, { schemaMisuse }: Judgement): Said {
  if (schemaMisuse !== undefined) return said("fail", "Your schema cannot be honoured.");
  if (schema === null || schema.status === "off") return said("none", "Not looked at.");
  if (schema.status === "unknown_event") return said("none", "There is no schema for this event.");
  if (schema.status === "valid") return said("pass", "The payload has the shape of its event.");
  const broken = schema.violations.every(({ keyword }) => keyword.includes("_"))
    ? "The body cannot be judged by a schema."
    : places(schema.violations.length);
  return code === null ? said("warn", `${broken} Reported, not refused.`) : said("fail", broken);
}

const places = (count: number): string =>
  count === 1
    ? "The payload breaks it at one place."
    : `The payload breaks it at ${count >= 16 ? "16 places or more" : `${count} places`}.`;

function key({ key, dedupe, event }: PlainVerdict): Said {
  if (key === null) return said("none", "There is none.");
  if (dedupe === false) return said("pass", "Every delivery of this event counts as a new one.");
  return said(
    "pass",
    event?.id == null ? `${key.slice(0, 16)}…, from fields or body.` : `${key.slice(0, 16)}…, from the event id.`,
  );
}

export function headlineOf(judgement: Judgement, isEmpty: boolean): Headline {
  const { verdict, provider, misuse } = judgement;
  if (isEmpty)
    return { state: "empty", title: "Paste a delivery", code: undefined, says: "The verdict appears while you type." };
  if (provider === undefined && misuse === undefined) {
    return {
      state: "open",
      title: "Who sent it?",
      code: undefined,
      says: "Choose a provider, or paste the headers to have it guessed.",
    };
  }
  if (misuse !== undefined)
    return { state: "open", title: "Not judged", code: misuse.code, says: sentence(misuse.message) };
  if (verdict === undefined) {
    return {
      state: "open",
      title: "Needs the secret",
      code: undefined,
      says: "Enter the signing secret to have the signature judged.",
    };
  }
  if (verdict.code === null) {
    if (verdict.handshake !== undefined) {
      const says = "A genuine handshake, by which the provider checks the endpoint. It is answered, and is no event.";
      return { state: "accepted", title: "Accepted", code: undefined, says };
    }
    const invalid = verdict.schema?.status === "invalid";
    const says = invalid ? "Genuine, but its payload breaks the schema." : "Genuine and recent.";
    return { state: "accepted", title: "Accepted", code: invalid ? "schema: invalid" : undefined, says };
  }
  const says = withDetail(meaning(verdict.code), verdict.detail);
  const { handshake } = verdict;
  // Whoever answers handshakes answers this one all the same.
  const answer = `But it is a handshake that is not signed: ${handshake?.status} is its answer.`;
  const more = handshake === undefined ? "" : ` ${answer}`;
  const url = judgement.isUrlGuessed && verdict.code === "signature_mismatch" ? " The URL that is signed was guessed." : "";
  return { state: "rejected", title: "Rejected", code: verdict.code, says: says + url + more };
}

const withDetail = (text: string, detail: string | undefined): string =>
  detail === undefined ? text : `${text.replace(/\.$/, "")}: ${detail}.`;

/** A message of the package as a sentence. */
const sentence = (text: string): string => {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(begun) ? begun : `${begun}.`;
};
