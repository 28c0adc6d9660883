// What can be seen in a delivery, where no change makes its signature fit.

import type { Finding } from "../explain.js";
import { isGzip } from "./bodies.js";
import { textOf, valuesOf, type Context, type Trial } from "./delivery.js";
import { readJson } from "./json.js";
import { placeOf } from "./reserialised.js";
import { secondsOf } from "./headers.js";
import { namesIn, timeIn } from "./shape.js";

interface Clue {
  readonly id: string;
  readonly confidence: Finding["confidence"];
  readonly message: string;
  readonly remedy: string;
  /** What shows it, or nothing. */
  see(trial: Trial, context: Context, signedAt: number | undefined): string | undefined;
}

const CLUES: readonly Clue[] = [
  {
    id: "now_milliseconds",
    confidence: "proven",
    message: "The signature is right, and `now` was given in milliseconds.",
    remedy: "Give Unix seconds: Math.floor(Date.now() / 1000).",
    see: (_, { code, now }, signedAt) =>
      code.startsWith("timestamp_too") && signedAt !== undefined && Math.abs(now / 1000 - signedAt) < 1e8 && now > 1e11
        ? "`now` is about a thousand times the signed time."
        : undefined,
  },
  {
    id: "clock_skew",
    confidence: "proven",
    message: "The signature is right, and the time that it was made at is too far from the clock here.",
    remedy:
      "Check the clocks of both sides. A delivery that was stored and sent again keeps its old time: " +
      "give `now` for tests, or sign it anew.",
    see(_, { code, now }, signedAt) {
      if (!code.startsWith("timestamp_too") || signedAt === undefined) return undefined;
      const seconds = Math.round(now - signedAt);
      const away = `It was signed ${Math.abs(seconds)} seconds ${seconds < 0 ? "after" : "before"} now`;
      const hours = Math.round(seconds / 3600);
      const zone = hours !== 0 && Math.abs(hours) <= 14 && Math.abs(seconds - hours * 3600) < 120;
      return zone ? `${away}, nearly whole hours: a time zone is the likely cause.` : `${away}.`;
    },
  },
  {
    id: "timestamp_milliseconds",
    confidence: "possible",
    message: "The timestamp header is not in whole Unix seconds.",
    remedy: "Have the sender sign and send whole Unix seconds.",
    see(trial, { code }) {
      const { timestamp } = namesIn(trial);
      if (code !== "timestamp_malformed" || timestamp === undefined) return undefined;
      for (const [, form] of secondsOf(valuesOf(trial, timestamp)[0] ?? "")) return `\`${timestamp}\` holds ${form}.`;
      return undefined;
    },
  },
  {
    id: "body_empty",
    confidence: "possible",
    message: "The body is empty: something has read it before, or it was not passed on.",
    remedy: "Read the raw bytes once, before any parser, and pass them to the verifier.",
    see: ({ body }) => (body.length === 0 ? "The body has no bytes." : undefined),
  },
  {
    id: "body_object_text",
    confidence: "possible",
    message: "The body is a parsed object that was made a string.",
    remedy: "Pass the raw bytes and not the parsed object.",
    see: ({ body }) =>
      textOf(body)?.trim() === "[object Object]" ? "The body is the text `[object Object]`." : undefined,
  },
  {
    id: "body_replacement",
    confidence: "possible",
    message: "The body was decoded with the wrong encoding: bytes that did not fit are lost.",
    remedy: "Never decode the body to a string before it is verified: pass the raw bytes.",
    see({ body }) {
      const text = textOf(body);
      const count = (text?.split("\ufffd").length ?? 1) - 1;
      if (text === undefined || count === 0) return undefined;
      const first = placeOf(text, text.indexOf("\ufffd"));
      return `The body holds ${count} replacement characters (U+FFFD), the first at ${first}.`;
    },
  },
  {
    id: "body_decompressed",
    confidence: "possible",
    message:
      "The delivery says that its body is compressed, and it is not: the signature may cover the compressed bytes.",
    remedy: "Pass the bytes as they came, before anything decompresses them.",
    see: (trial) =>
      valuesOf(trial, "content-encoding").some((value) => value.includes("gzip")) && !isGzip(trial.body)
        ? "`content-encoding` says gzip, and the body does not begin like it."
        : undefined,
  },
  {
    id: "body_cut",
    confidence: "possible",
    message: "The body is not all that was sent.",
    remedy: "Read the whole body, all its chunks, and count bytes and not characters.",
    see(trial) {
      const [length] = valuesOf(trial, "content-length");
      const { body } = trial;
      return body.length > 0 && length !== undefined && /^\d+$/.test(length) && Number(length) > body.length
        ? `\`content-length\` says ${length} bytes, and the body has ${body.length}.`
        : undefined;
    },
  },
];

export function clues(trial: Trial, context: Context): Finding[] {
  const value = timeIn(trial);
  const signedAt = value === undefined || !/^\d{1,12}$/.test(value.trim()) ? undefined : Number(value);
  const findings = CLUES.flatMap(({ id, confidence, message, remedy, see }) => {
    const evidence = see(trial, context, signedAt);
    return evidence === undefined ? [] : [{ id, confidence, message, evidence, remedy }];
  });
  // A clock that is wrong by a factor is not one that runs fast.
  return findings.some(({ id }) => id === "now_milliseconds")
    ? findings.filter(({ id }) => id !== "clock_skew")
    : findings;
}

/** What to look at next. Says nothing that was found out, only what is worth a look. */
export function hintFor(trial: Trial): string {
  const text = textOf(trial.body);
  const written = text !== undefined && readJson(text) !== undefined && JSON.stringify(JSON.parse(text)) === text;
  return written
    ? "The body is exactly what JSON.stringify writes. If it was parsed before it got here, what was signed is lost: " +
        "capture the raw bytes. If it was not, the secret is another one, or the body was changed."
    : "The secret is another one, or the body was changed in a way that cannot be undone: " +
        "compare the raw bytes with what the sender has.";
}
