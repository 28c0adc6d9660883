// The vectors and the signed samples that the suite is given. Signed by scripts/sign.mjs, which shares no code with the
// package.

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
  return { vectors, samples: everySource().flatMap(signed) };
}

function signed({ provider, scheme, secret }) {
  return samples(provider).map(({ name, event: type, body }) => {
    const headers = Object.fromEntries(sign(provider, scheme, { secret, body, now: NOW, id: "msg_1" }));
    return { provider, scheme, secret, now: NOW, name, type, text: body.toString("utf8"), headers };
  });
}
