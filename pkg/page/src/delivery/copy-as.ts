// The delivery as something to paste elsewhere. No secret is in any of it, and no header that is one.

import { textOf, toBase64 } from "./bytes.js";
import { withoutCredentials, withoutQuery } from "./credentials.js";
import type { Head } from "./headers.js";
import { NO_SECRET } from "./paste.js";
import { urlWithoutCredentials } from "./url.js";

export interface Copied {
  readonly text: string;
  /** Headers that were left out. */
  readonly removed: readonly string[];
}

export interface Delivery {
  readonly provider: string | undefined;
  readonly scheme: string | undefined;
  readonly head: Pick<Head, "method" | "target" | "headers">;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly now: number;
  /** Only where it is signed. */
  readonly url?: string | undefined;
  /** Only to find what must not be copied. */
  readonly secrets: readonly string[];
}

const URL_TO_FILL_IN = "http://127.0.0.1:3000/webhooks";

export function asCurl(delivery: Delivery): Copied {
  const { kept, removed } = withoutCredentials(delivery.head.headers, delivery.secrets);
  // curl writes these itself, for the body that it sends.
  const own = /^(?:host|content-length|transfer-encoding|connection|accept-encoding)$/i;
  const headers = kept.filter(([name]) => !own.test(name)).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const text = textOf(delivery.body);
  const plain = text !== undefined && !text.includes("\0");
  const body = plain ? `--data-binary ${quoted(text)}` : "--data-binary @-";
  const method = delivery.head.method ?? "POST";
  const start = plain ? "" : `printf %s ${quoted(toBase64(delivery.body))} | base64 -d | `;
  const signed = urlWithoutCredentials(delivery.url, delivery.secrets);
  removed.push(...signed.removed);
  // What receives it has to be told that it is called by the signed URL; path and query are its own.
  const target = signed.kept?.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, "") ?? withoutQuery(delivery.head.target);
  const url = target === "/" ? URL_TO_FILL_IN : `http://127.0.0.1:3000${target}`;
  // A body that begins with @ would name a file.
  const safe = plain && text.startsWith("@") ? `--data-raw ${quoted(text)}` : body;
  const parts = [`${start}curl -i -X ${quoted(method)} ${quoted(url)}`, ...headers, safe];
  return { text: `${parts.join(" \\\n  ")}\n`, removed };
}

/** In single quotes, in which a shell changes nothing; what need not be quoted is not. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}

export function asVector(delivery: Delivery, expect: unknown): Copied {
  const { kept, removed } = withoutCredentials(delivery.head.headers, delivery.secrets);
  const url = urlWithoutCredentials(delivery.url, delivery.secrets);
  removed.push(...url.removed);
  const vector = {
    id: "",
    comment: "",
    provider: delivery.provider ?? "",
    ...(delivery.scheme !== undefined && { scheme: delivery.scheme }),
    secrets: [NO_SECRET],
    now: delivery.now,
    ...(delivery.head.method !== undefined && { method: delivery.head.method }),
    ...(url.kept !== undefined && { url: url.kept }),
    headers: kept,
    body_base64: toBase64(delivery.body),
    expect,
    source: "",
  };
  return { text: `${JSON.stringify(vector, null, 2)}\n`, removed };
}

/** A program that judges such deliveries, ready to run. */
export function asExpress(
  delivery: Pick<Delivery, "provider" | "scheme"> & Partial<Pick<Delivery, "url" | "secrets">>,
  ownSchema: string | undefined,
): Copied {
  const { kept, removed } = urlWithoutCredentials(delivery.url, delivery.secrets ?? []);
  const provider = delivery.provider ?? "audian";
  const variable = `${provider.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}_SECRET`;
  const options = [
    `secret: process.env.${variable}`,
    ...(delivery.scheme === undefined ? [] : [`scheme: ${JSON.stringify(delivery.scheme)}`]),
    ...(kept === undefined ? [] : [`url: ${JSON.stringify(withoutQuery(kept))}`]),
    ...(ownSchema === undefined ? [] : [`schemas: { "*": schema }`]),
  ];
  const schema = ownSchema === undefined ? "" : `\nconst schema = ${ownSchema.trim()};\n`;
  const text = `import express from "express";
import { webhook } from "hookwarden/express";
${schema}
const app = express();

// Before express.json(): the signature covers the bytes as they were sent.
app.post("/webhooks", webhook(${JSON.stringify(provider)}, { ${options.join(", ")} }), (req, res) => {
  console.log(req.webhook.event.type, req.body);
  res.sendStatus(204);
});

app.listen(3000);
`;
  return { text, removed };
}
