// What happens to the bytes of a body on their way, other than being parsed and written again.

import { fromBase64, textOf, withBody, type Trial } from "./delivery.js";
import type { Change, Hypothesis } from "./hypothesis.js";

/** What is taken from a compressed body at most. */
const MOST_INFLATED = 4_000_000;

const RAW = "Read the raw bytes of the request, before any parser, and pass them on as they are.";

function text(
  id: string,
  message: string,
  remedy: string,
  forms: (text: string) => Iterable<readonly [string, string]>,
): Hypothesis {
  return {
    id,
    message,
    remedy,
    *changes(trial: Trial) {
      const body = textOf(trial.body);
      if (body === undefined) return;
      for (const [changed, evidence] of forms(body)) {
        if (changed !== body) yield { trial: withBody(trial, changed), evidence };
      }
    },
  };
}

export const bodies: readonly Hypothesis[] = [
  text(
    "body_line_break_added",
    "Line breaks or spaces were added at an end of the body.",
    "Do not let an editor, `echo` or a template add a line break: use `printf %s`, or curl's --data-binary.",
    (body) => {
      // Not trim(): that takes a byte order mark for white space.
      const [start, end] = [/^[ \t\r\n]+/, /[ \t\r\n]+$/];
      const breaks = end.exec(body)?.[0].length ?? 0;
      const evidence = `The body ends in ${breaks} ${breaks === 1 ? "character" : "characters"} of white space.`;
      return [
        [body.replace(/\r?\n$/, ""), evidence],
        [body.replace(end, ""), evidence],
        [body.replace(end, "").replace(start, ""), "The body has white space at its ends."],
      ];
    },
  ),
  text(
    "body_line_break_removed",
    "The line break at the end of the body was removed.",
    "Pass the body untrimmed. curl's --data @file removes line breaks, --data-binary does not; " +
      "`$(…)` in a shell removes them too.",
    (body) => [
      [`${body}\n`, "The signature fits the body with a line feed at its end."],
      [`${body}\r\n`, "The signature fits the body with CR LF at its end."],
    ],
  ),
  text(
    "body_bom_added",
    "A byte order mark was added before the body.",
    "Write UTF-8 without a byte order mark; PowerShell and some editors add one.",
    (body) => [[body.replace(/^\ufeff/, ""), "The body begins with a byte order mark."]],
  ),
  text(
    "body_bom_removed",
    "The byte order mark before the body was removed.",
    `Decoding a body as text drops it. ${RAW}`,
    (body) => [[`\ufeff${body}`, "The signature fits the body with a byte order mark before it."]],
  ),
  text(
    "body_line_ends",
    "The line ends in the body were changed.",
    "Do not pass the body through anything that changes line ends: a file in text mode, git's autocrlf, curl's --data.",
    function* (body) {
      const crlf = body.split("\r\n").length - 1;
      const all = body.split("\n").length - 1;
      if (crlf > 0)
        yield [body.replace(/\r\n/g, "\n"), `The body has ${crlf} line ends of CR LF, and the signature fits LF.`];
      if (all > crlf)
        yield [
          body.replace(/\r?\n/g, "\r\n"),
          `The body has ${all - crlf} line ends of LF, and the signature fits CR LF.`,
        ];
    },
  ),
  text(
    "body_double_encoded",
    "The body was taken for Latin-1 (or Windows-1252) and encoded as UTF-8 once more.",
    `Do not decode the body as "latin1" or "binary". ${RAW}`,
    function* (body) {
      for (const [name, toByte] of [
        ["Latin-1", (char: number) => char],
        ["Windows-1252", windows1252],
      ] as const) {
        const bytes = Array.from(body, (char) => toByte(char.codePointAt(0) as number));
        if (bytes.some((byte) => byte > 0xff) || bytes.every((byte) => byte < 0x80)) continue;
        const decoded = textOf(Uint8Array.from(bytes));
        if (decoded === undefined) continue;
        const count = bytes.filter((byte) => byte >= 0x80).length;
        yield [decoded, `${count} characters beyond ASCII are bytes of UTF-8, read as ${name}.`];
      }
    },
  ),
  {
    id: "body_latin1",
    message: "The body was written as Latin-1 although it is UTF-8.",
    remedy: `Do not write a text with the encoding "latin1" or "binary". ${RAW}`,
    *changes(trial) {
      if (textOf(trial.body) !== undefined) return;
      const decoded = Array.from(trial.body, (byte) => String.fromCharCode(byte)).join("");
      const count = trial.body.filter((byte) => byte >= 0x80).length;
      yield {
        trial: withBody(trial, decoded),
        evidence: `The body is not UTF-8: ${count} bytes beyond ASCII are Latin-1.`,
      };
    },
  },
  {
    id: "body_compressed",
    message: "The body is compressed, and the signature covers what was compressed.",
    remedy: "Decompress it before you verify (Content-Encoding), with a limit on the size.",
    *changes(trial): Iterable<Change> {
      const inflated = inflate(trial.body);
      if (inflated)
        yield {
          trial: withBody(trial, inflated),
          evidence: `The body begins like gzip and has ${inflated.length} bytes decompressed.`,
        };
    },
  },
  {
    id: "body_base64",
    message: "The body is base64 of what was signed.",
    remedy: "Decode it before you verify: AWS Lambda says so with `isBase64Encoded`.",
    *changes(trial) {
      const body = textOf(trial.body)
        ?.trim()
        .replace(/^"(.*)"$/s, "$1");
      const bytes = body === undefined ? undefined : fromBase64(body);
      if (bytes !== undefined)
        yield {
          trial: withBody(trial, bytes),
          evidence: `The whole body is base64 and decodes to ${bytes.length} bytes.`,
        };
    },
  },
  text(
    "body_stringified_twice",
    "The body is a JSON text within a JSON string: it was stringified twice.",
    "Do not call JSON.stringify on what is text already; pass the raw body.",
    (body) => {
      const inner = parsed(body);
      return typeof inner === "string" ? [[inner, "The body is one JSON string that holds a JSON text."]] : [];
    },
  ),
  text(
    "body_form",
    "The body is URL-encoded, as a form is, and what was signed is in it.",
    `The signature covers what was sent before it was made a form. ${RAW}`,
    function* (body) {
      if (!/%[0-9A-Fa-f]{2}/.test(body)) return;
      for (const [name, value] of new URLSearchParams(body)) {
        yield [value || name, "The body is URL-encoded, and the signature fits one of its fields."];
      }
    },
  ),
];

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** What Windows-1252 has at 0x80 to 0x9f; some runtimes decode it as Latin-1. */
const HIGH =
  "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f" +
  "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

function windows1252(char: number): number {
  const at = HIGH.indexOf(String.fromCodePoint(char));
  return at < 0 ? char : 0x80 + at;
}

interface Zlib {
  gunzipSync?(bytes: Uint8Array, options: { maxOutputLength: number }): Uint8Array;
}

function inflate(body: Uint8Array): Uint8Array | undefined {
  if (body[0] !== 0x1f || body[1] !== 0x8b) return undefined;
  const { process } = globalThis as { process?: { getBuiltinModule?(name: "node:zlib"): Zlib | undefined } };
  try {
    return process?.getBuiltinModule?.("node:zlib")?.gunzipSync?.(body, { maxOutputLength: MOST_INFLATED });
  } catch {
    return undefined;
  }
}

export const isGzip = (body: Uint8Array): boolean => body[0] === 0x1f && body[1] === 0x8b;
