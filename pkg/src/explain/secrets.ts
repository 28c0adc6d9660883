// What happens to a secret between the provider's page and the program.

import { fromBase64, fromHex, textOf, toBase64, utf8, type Trial } from "./delivery.js";
import type { Hypothesis } from "./hypothesis.js";
import { shapeOf, type Shape } from "./shape.js";

interface Form {
  readonly id: string;
  readonly message: string;
  readonly remedy: string;
  /** Other texts for a secret, with what shows that it should be the other. */
  forms(
    secret: string,
    key: Shape["key"],
    encoding: Shape["encoding"],
  ): readonly (readonly [string | undefined, string])[];
}

const bare = (secret: string) => secret.replace(/^whsec_/, "");

const asText = (bytes: Uint8Array | undefined) => bytes && textOf(bytes);

const FORMS: readonly Form[] = [
  {
    id: "secret_whitespace",
    message: "The secret has spaces or a line break at an end that do not belong to it.",
    remedy: "Trim it where it is read: a file mostly ends in a line break, and `echo` adds one (`printf %s` does not).",
    forms: (secret) => {
      const count = secret.length - secret.trim().length;
      return [
        [
          secret.trim(),
          `${count} ${count === 1 ? "character" : "characters"} of white space at the ends of the secret.`,
        ],
      ];
    },
  },
  {
    id: "secret_quotes",
    message: "The secret has quotes around it that do not belong to it.",
    remedy: "Remove them: Docker's --env-file and some other readers of .env files keep quotes.",
    forms: (secret) => [[/^\s*(["'`])(.*)\1\s*$/s.exec(secret)?.[2], "The secret begins and ends with a quote."]],
  },
  {
    id: "secret_assignment",
    message: "The secret holds more than the secret: a name, `Bearer`, or a version stands before it.",
    remedy: "Keep only what the provider shows as the secret.",
    forms: (secret) => [
      [
        /^\s*(?:export\s+)?[A-Za-z_]\w*\s*=\s*(["']?)(.+?)\1\s*$/s.exec(secret)?.[2],
        "The secret begins with a name and `=`.",
      ],
      [
        /^\s*(?:Bearer|Basic)\s+(.+)$/s.exec(secret)?.[1],
        "The secret begins with the name of an authorisation scheme.",
      ],
      [/^v\d[a-z]?,(.+)$/s.exec(secret)?.[1], "The secret begins with a version such as `v1,`."],
    ],
  },
  {
    id: "secret_prefix",
    message: "The prefix `whsec_` is part of this secret for one side only.",
    remedy: "Copy the secret exactly as the provider shows it, and check whether it signs with the prefix or without.",
    forms: (secret, key) =>
      key === "whsec"
        ? []
        : [
            secret.startsWith("whsec_")
              ? [bare(secret), "The signature fits the secret without `whsec_`."]
              : [`whsec_${secret}`, "The signature fits the secret with `whsec_` before it."],
          ],
  },
  {
    id: "secret_literal",
    message: "The signature was made with the secret's text, and the provider's scheme decodes it first.",
    remedy: "The signer must decode the secret (base64, after `whsec_`) and use the bytes as the key.",
    forms: (secret, key, encoding) =>
      key === "text" || encoding === "token"
        ? []
        : [
            [toBase64(utf8(secret)), "The signature fits the secret's text, as it stands, as the key."],
            [toBase64(utf8(bare(secret))), "The signature fits the secret's text without `whsec_` as the key."],
          ],
  },
  {
    id: "secret_decoded",
    message: "The signature was made with the decoded secret, and the provider's scheme takes its text.",
    remedy: "Use the secret's text as the key, as it stands, and do not decode it.",
    forms: (secret, key) =>
      key !== "text"
        ? []
        : [
            [asText(fromBase64(bare(secret))), "The signature fits the secret decoded from base64."],
            [asText(fromHex(bare(secret))), "The signature fits the secret decoded from hex."],
          ],
  },
  {
    id: "secret_encoding",
    message: "The secret is encoded in another way than the provider shows it.",
    remedy:
      "Copy the secret exactly as the provider shows it: do not encode it once more, and not in another alphabet.",
    forms: (secret, key) => {
      const hex = fromHex(bare(secret));
      const base64 = fromBase64(bare(secret));
      const inner = asText(base64);
      return key === "text"
        ? [
            [toBase64(utf8(secret)), "The signature fits the secret encoded as base64."],
            [unescape(secret), "The signature fits the secret with its URL encoding undone."],
          ]
        : [
            [hex && toBase64(hex), "The secret is hex, and the signature fits the same bytes."],
            [
              base64 && toBase64(base64),
              "The secret is base64url or not padded, and the signature fits the same bytes.",
            ],
            [inner, "The secret is base64 twice."],
            [unescape(secret), "The signature fits the secret with its URL encoding undone."],
          ];
    },
  },
  {
    id: "secret_case",
    message: "The secret's letters were changed to capitals or small letters.",
    remedy: "Copy the secret exactly as the provider shows it.",
    forms: (secret) => [
      [secret.toLowerCase(), "The signature fits the secret in small letters."],
      [secret.toUpperCase(), "The signature fits the secret in capitals."],
    ],
  },
];

function unescape(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const rotated: Hypothesis = {
  id: "secret_other",
  message: "The delivery is signed with another of your secrets.",
  remedy:
    "Give the verifier that secret too (`secrets`), as long as both are in use, " +
    "or the secret of this endpoint and environment.",
  *changes(trial, { otherSecrets }) {
    for (const [at, secret] of otherSecrets.entries()) {
      yield {
        trial: { ...trial, secrets: [secret] },
        evidence: `The signature fits other secret ${at + 1} of ${otherSecrets.length}.`,
      };
    }
  },
};

export const secretForms: readonly Hypothesis[] = [rotated, ...FORMS.map(hypothesis)];

function hypothesis({ id, message, remedy, forms }: Form): Hypothesis {
  return {
    id,
    message,
    remedy,
    *changes(trial: Trial) {
      const { key, encoding } = shapeOf(trial);
      for (const secret of trial.secrets) {
        for (const [other, evidence] of forms(secret, key, encoding)) {
          if (other !== undefined && other !== "" && other !== secret)
            yield { trial: { ...trial, secrets: [other] }, evidence };
        }
      }
    },
  };
}
