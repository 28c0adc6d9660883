// Signed as another provider signs, or over something else than this one does.

import { providers } from "hookwarden";
import { utf8, valuesOf, withHeaders, type Trial } from "./delivery.js";
import type { Change, Hypothesis } from "./hypothesis.js";
import { macsIn, namesIn, shapeOf, timeIn, written, type Shape } from "./shape.js";

/** A scheme that signs the bytes of a body and nothing else, with the secret's text as the key. */
const PLAIN = { provider: "efficlose", scheme: "hmac" } as const;

function others(trial: Trial): Pick<Trial, "provider" | "scheme">[] {
  const all = providers().flatMap(({ name, schemes }) => schemes.map((scheme) => ({ provider: name, scheme })));
  const own = providers().find(({ name }) => name === trial.provider)?.schemes;
  const scheme = trial.scheme ?? own?.[0];
  return all.filter((one) => one.provider !== trial.provider || one.scheme !== scheme);
}

const called = ({ provider, scheme }: Pick<Trial, "provider" | "scheme">) =>
  `\`${provider}\` with the scheme \`${scheme}\``;

const isMac = ({ encoding }: Shape) => encoding === "hex" || encoding === "base64";

/** The signature, id and time of a delivery, written as another scheme writes them. */
function* moved(trial: Trial, other: Pick<Trial, "provider" | "scheme">): Iterable<Trial> {
  const shape = shapeOf(other);
  const names = namesIn(trial);
  const [family] = shape.families;
  if (family === undefined || !isMac(shape) || !isMac(shapeOf(trial))) return;
  for (const value of valuesOf(trial, names.signature)) {
    for (const mac of macsIn(value)) {
      const time = timeIn(trial);
      const headers: Record<string, string> = { [family.signature]: written(shape, mac, time) };
      const id = names.id === undefined ? undefined : valuesOf(trial, names.id)[0];
      if (family.id !== undefined && id !== undefined) headers[family.id] = id;
      if (family.timestamp !== undefined && time !== undefined) headers[family.timestamp] = time;
      yield withHeaders({ ...trial, ...other }, headers);
    }
  }
}

/** What signers put before the body, or around it. */
const CONTENTS: readonly (readonly [string, (time: string, id: string) => readonly [string, string]])[] = [
  ["the body alone", () => ["", ""]],
  ["the timestamp and the body without a dot", (time) => [time, ""]],
  ["the timestamp, a colon and the body", (time) => [`${time}:`, ""]],
  ["the body, a dot and the timestamp", (time) => ["", `.${time}`]],
  ["the body and the timestamp without a dot", (time) => ["", time]],
  ["`v0:`, the timestamp, a colon and the body", (time) => [`v0:${time}:`, ""]],
  ["`v1:`, the timestamp, a colon and the body", (time) => [`v1:${time}:`, ""]],
  ["the timestamp, a line break and the body", (time) => [`${time}\n`, ""]],
  ["the id, the timestamp and the body", (time, id) => [`${id}.${time}.`, ""]],
];

function join(start: string, body: Uint8Array, end: string): Uint8Array {
  const [first, last] = [utf8(start), utf8(end)];
  const joined = new Uint8Array(first.length + body.length + last.length);
  joined.set(first);
  joined.set(body, first.length);
  joined.set(last, first.length + body.length);
  return joined;
}

/** The signature over any bytes at all, where the key is the secret's text. */
function* over(trial: Trial, content: Uint8Array): Iterable<Trial> {
  if (shapeOf(trial).key !== "text") return;
  yield* moved({ ...trial, body: content }, PLAIN);
}

function partsOf(trial: Trial): { time: string; id: string; name: string | undefined } {
  const { signature, timestamp, id } = namesIn(trial);
  const time = timeIn(trial);
  const name = timestamp ?? (time === undefined ? undefined : signature);
  return { time: time ?? "", id: id === undefined ? "" : (valuesOf(trial, id)[0] ?? ""), name };
}

export const otherSchemes: readonly Hypothesis[] = [
  {
    id: "provider_other",
    message: "This is a delivery of another provider or scheme.",
    remedy:
      "Create the verifier for the provider and scheme that this endpoint is registered with; headers never choose it.",
    *changes(trial) {
      for (const other of others(trial)) {
        yield { trial: { ...trial, ...other }, evidence: `It is accepted as a delivery of ${called(other)}.` };
      }
    },
  },
  {
    id: "timestamp_signed_otherwise",
    message: "The timestamp is not in whole Unix seconds, and was signed like that.",
    remedy: "Have the sender sign and send whole Unix seconds.",
    *changes(trial): Iterable<Change> {
      const { time, name } = partsOf(trial);
      if (name === undefined || /^\d{1,12}$/.test(time) || time === "") return;
      for (const changed of over(trial, join(`${time}.`, trial.body, ""))) {
        yield {
          trial: changed,
          evidence: `The signature fits the value of \`${name}\` as it is, which has ${time.length} characters.`,
        };
      }
    },
  },
  {
    id: "signed_content",
    message: "The signature covers something else than the provider signs.",
    remedy:
      "The signer must put together what is signed as the provider does: " +
      "the same parts, in the same order, with the same separators.",
    *changes(trial) {
      const { time, id, name } = partsOf(trial);
      if (name === undefined) return;
      for (const [words, around] of CONTENTS) {
        const [start, end] = around(time, id);
        for (const changed of over(trial, join(start, trial.body, end))) {
          yield { trial: changed, evidence: `The signature fits ${words}.` };
        }
      }
    },
  },
  {
    id: "scheme_other",
    message: "The delivery was signed as another provider or scheme signs.",
    remedy: "Have the sender sign as this provider does, or create the verifier for the provider that really sends.",
    *changes(trial) {
      for (const other of others(trial)) {
        for (const changed of moved(trial, other))
          yield { trial: changed, evidence: `The signature is what ${called(other)} makes.` };
      }
    },
  },
];
