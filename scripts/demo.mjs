// The demonstration: the built Worker in workerd, a small origin behind it, and signed deliveries of
// every provider, good and bad. Each row of the table is a delivery; the run fails if one of them is
// not judged as it must be.

import { randomBytes } from "node:crypto";
import { start as startGateway, everySource, newEvent, secretName } from "./gateway.mjs";
import { start as startOrigin } from "./origin.mjs";
import { sign } from "./sign.mjs";

const HOUR = 3600;

// Meeting BaaS has four schemes; two show what differs: one that signs, and one that only sends a token.
const chosen = everySource().filter(
  ({ provider, scheme }) => provider !== "meeting-baas" || ["svix", "callback-secret"].includes(scheme),
);

const RELAYED = { status: 200, code: "accepted", reached: 1 };
const refused = (status, code) => ({ status, code, reached: 0 });

/** What is sent to a source, and what must come of it. */
function casesOf({ provider, scheme, secret }) {
  const signs = scheme !== "callback-secret";
  const dated = scheme === "svix" || provider === "audian";
  const genuine = newEvent(provider);
  // An envelope of which nothing but the event type is known can only break by having none.
  const breaks = provider === "mobile-assistant" ? without("type") : (payload) => (payload.data = "nothing");
  return [
    ["genuine", { body: genuine }, RELAYED],
    ["the same again", { body: genuine }, { status: 200, code: "duplicate", reached: 0 }],
    signs && ["tampered", { body: newEvent(provider), sent: tampered }, refused(401, "signature_mismatch")],
    ["wrong secret", { body: newEvent(provider), secret: other(secret) }, refused(401, "signature_mismatch")],
    ["no signature", { body: newEvent(provider), unsigned: true }, refused(401, "signature_missing")],
    dated && ["stale, an hour old", { body: newEvent(provider), age: HOUR }, refused(401, "timestamp_too_old")],
    [
      "breaks its schema",
      { body: newEvent(provider, breaks) },
      provider === "mobile-assistant" ? refused(400, "event_type_missing") : refused(422, "schema_violation"),
    ],
    ["unknown event", { body: newEvent(provider, rename) }, { ...RELAYED, code: "accepted, unknown event" }],
  ].filter(Boolean);
}

const without = (key) => (payload) => delete payload[key];

function rename(payload) {
  for (const key of ["event", "trigger", "type"]) if (key in payload) payload[key] = "nobody.knows";
}

/** The same body with one character changed, inside a string so that it is JSON still. */
function tampered(body) {
  return Buffer.from(String(body).replace(/.(?="\}$)/, (char) => (char === "0" ? "1" : "0")));
}

/** Another secret of the same form. */
function other(secret) {
  return secret.replace(/.(?=.{8}$)/, (char) => (char === "A" ? "B" : "A"));
}

/** Sends one delivery and says what became of it, in the words of the table. */
async function deliver({ gateway, origin }, { source, provider, scheme, secret }, parts) {
  const now = Math.floor(Date.now() / 1000) - (parts.age ?? 0);
  const signed = sign(provider, scheme, { secret: parts.secret ?? secret, body: parts.body, now });
  const before = origin.requests.length;
  const reply = await fetch(`${gateway.url}/${source}`, {
    method: "POST",
    headers: [["content-type", "application/json"], ...(parts.unsigned ? [] : signed)],
    body: parts.sent?.(parts.body) ?? parts.body,
    signal: AbortSignal.timeout(10_000),
  }).catch((error) => error);
  const reached = origin.requests.length - before;
  if (reply instanceof Error) return { status: "none", code: reply.name, reached };
  const problem = reply.headers.get("content-type") === "application/problem+json";
  const body = problem ? await reply.json() : await reply.arrayBuffer();
  return {
    status: reply.status,
    code: problem ? body.code : accepted(reply, origin.requests[before]),
    reached,
  };
}

function accepted(reply, relayed) {
  if (reply.headers.get("x-hookwarden-duplicate") === "true") return "duplicate";
  const schema = relayed?.header("x-hookwarden-schema");
  const notes = { invalid: "accepted, schema invalid", unknown_event: "accepted, unknown event" };
  return notes[schema] ?? "accepted";
}

const colour = process.stdout.isTTY
  ? (code, text) => `\x1b[${code}m${text}\x1b[0m`
  : (_, text) => text;

const title = ({ provider, scheme, note }) =>
  [provider, scheme === "hmac" ? "" : scheme, note ?? ""].filter(Boolean).join(" ");

/** Prints rows, each source's name once, and counts them. */
function table() {
  const count = { all: 0, expected: 0 };
  let last;
  const line = (source, name, status, code, origin) =>
    `${source.padEnd(29)}${name.padEnd(21)}${String(status).padEnd(8)}${code.padEnd(25)}${origin}`;
  console.log(colour(1, line("PROVIDER", "CASE", "STATUS", "CODE", "ORIGIN")));

  function row(source, name, got, expected) {
    const reached = ({ reached }) => ["not reached", "reached"][reached] ?? `reached ${reached} times`;
    const same = ["status", "code", "reached"].every((key) => got[key] === expected[key]);
    count.all += 1;
    count.expected += same ? 1 : 0;
    const text = line(source === last ? "" : title(source), name, got.status, got.code, reached(got));
    last = source;
    console.log(same ? colour(got.status === 200 ? 32 : 33, text) : colour(31, text));
    const must = `${expected.status} ${expected.code}, ${reached(expected)}`;
    if (!same) console.log(colour(31, `${" ".repeat(29)}^ expected ${must}`));
  }
  return { row, count };
}

/** A log line in pieces that fit the terminal. */
function folded(line) {
  return line.replace(/(.{1,90},)(?=")/g, "$1\n   ");
}

/** Leaves the gateway running, and says what is needed to try it. */
async function untilStopped(gateway, token) {
  console.log(`\nThe dashboard over what was delivered: ${gateway.url}/_hookwarden/dashboard.html`);
  console.log(`Its admin token: ${token}`);
  console.log("\nThe sources and their secrets, which are good for nothing else:");
  for (const { source, secret } of chosen) console.log(`  ${`${gateway.url}/${source}`.padEnd(56)}${secret}`);
  console.log("\nCtrl-C ends it.");
  await new Promise((resolve) => {
    // Ahead of Miniflare's own handlers, which would exit with 130.
    for (const signal of ["SIGINT", "SIGTERM"]) process.prependOnceListener(signal, resolve);
  });
}

async function main() {
  const origin = await startOrigin();
  const sources = {};
  const secrets = {};
  const settings = { origin: `${origin.url}/webhooks`, insecure_origin: true };
  for (const { source, provider, scheme, secret } of chosen) {
    sources[source] = { provider, scheme, schema: "enforce", ...settings };
    secrets[secretName(source)] = secret;
  }
  const audian = chosen.find(({ provider }) => provider === "audian");
  const observing = { ...audian, source: "audian-observing", note: "(observe)" };
  sources[observing.source] = { provider: observing.provider, schema: "observe", ...settings };
  secrets[secretName(observing.source)] = observing.secret;

  const stays = process.argv.includes("--stay");
  const token = randomBytes(18).toString("base64url");
  const gateway = await startGateway({ sources, secrets, page: true, vars: { ADMIN_TOKEN: token } });
  const bench = { gateway, origin };
  const { row, count } = table();
  try {
    for (const source of chosen) {
      for (const [name, parts, expected] of casesOf(source)) {
        row(source, name, await deliver(bench, source, parts), expected);
      }
    }
    const broken = newEvent("audian", (payload) => (payload.data = "nothing"));
    row(observing, "breaks its schema", await deliver(bench, observing, { body: broken }), {
      ...RELAYED,
      code: "accepted, schema invalid",
    });

    const waiting = chosen.map((source) => [source, { body: newEvent(source.provider) }]);
    await origin.stop();
    for (const [source, parts] of waiting) {
      row(source, "origin is down", await deliver(bench, source, parts), refused(502, "origin_unreachable"));
    }
    await origin.restart();
    for (const [source, parts] of waiting) {
      row(source, "origin is up again", await deliver(bench, source, parts), RELAYED);
    }

    console.log("\nTwo of the gateway's log lines:");
    const rejected = ({ code }) => code === "schema_violation";
    for (const wanted of [({ duplicate }) => duplicate, rejected]) {
      const log = await gateway.waitForLog(wanted).catch(() => null);
      if (log) console.log(`  ${folded(JSON.stringify(log))}`);
    }
    const page = `${gateway.url}/_hookwarden/`;
    const { status } = await fetch(page);
    if (status !== 200) throw new Error(`the page answers ${status}`);
    console.log(`\nThe page that says why a delivery fails: ${page}`);
    if (!stays) console.log("It ends with the demonstration; `cargo xtask demo --stay` leaves it running.");
    console.log(`\n${count.all} deliveries judged, ${count.expected} as expected`);
    if (stays) await untilStopped(gateway, token);
  } finally {
    await gateway.stop();
    await origin.stop();
  }
  process.exitCode = count.all === count.expected ? 0 : 1;
}

await main();
