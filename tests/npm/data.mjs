// The vectors and the signed samples that the suite is given. Signed by scripts/sign.mjs, which shares no code with the
// package.

import { createHash, createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { everySource, samples } from "../../scripts/gateway.mjs";
import { sign } from "../../scripts/sign.mjs";

export const root = join(import.meta.dirname, "../..");

const NOW = 1_700_000_000;

export function read() {
  const folder = join(root, "tests/vectors");
  const files = readdirSync(folder).filter((file) => /^[a-z-]+\.json$/.test(file));
  const vectors = files.flatMap((file) => JSON.parse(readFileSync(join(folder, file))));
  return { vectors, samples: everySource().flatMap(signed), long: ["sha1", "sha256", "sha512"].flatMap(long) };
}

/** Deliveries around the length from which the runtime hashes. */
function long(hash) {
  const definition = {
    name: "long",
    title: "Long",
    docs: "https://example.com",
    event: { type: ["/type"] },
    schemes: [
      {
        name: "hmac",
        algorithm: `hmac-${hash}`,
        encoding: "hex",
        signed_content: "{body}",
        headers: [{ signature: "x-signature" }],
      },
    ],
  };
  return [255, 256, 257, 2_000, 300_000].map((length) => {
    const body = JSON.stringify({ type: "long", pad: "x".repeat(length - '{"type":"long","pad":""}'.length) });
    const signature = createHmac(hash, "hunter2").update(body).digest("hex");
    const key = createHash("sha256");
    for (const part of ["hookwarden-1", "long", "body", body]) {
      const size = Buffer.alloc(8);
      size.writeBigUInt64BE(BigInt(part.length));
      key.update(size).update(part);
    }
    return { definition, body, headers: { "x-signature": signature }, key: key.digest("hex") };
  });
}

function signed({ provider, scheme, secret }) {
  return samples(provider).map(({ name, event: type, body }) => {
    const headers = Object.fromEntries(sign(provider, scheme, { secret, body, now: NOW, id: "msg_1" }));
    return { provider, scheme, secret, now: NOW, name, type, text: body.toString("utf8"), headers };
  });
}
