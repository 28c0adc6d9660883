// What the Worker's tests share: a gateway with an origin behind it, signed deliveries, and an HTTP
// client that sends exactly what it is told.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { randomUUID } from "node:crypto";
import * as gateways from "../../scripts/gateway.mjs";
import * as origins from "../../scripts/origin.mjs";
import { sign } from "../../scripts/sign.mjs";

export { everySource, newEvent, root, samples, secretName } from "../../scripts/gateway.mjs";

/** The status of each code that a reply can carry (the contract's table). */
export const statusOf = Object.fromEntries(
  Object.entries({
    400: ["payload_not_json", "payload_too_deep", "duplicate_key", "event_type_missing"],
    401: [
      "signature_missing", "signature_malformed", "signature_mismatch", "timestamp_missing",
      "timestamp_malformed", "timestamp_too_old", "timestamp_too_new", "id_missing",
    ],
    404: ["source_unknown"],
    405: ["method_not_allowed"],
    413: ["payload_too_large"],
    415: ["encoding_unsupported"],
    422: ["schema_violation", "schema_too_complex", "unknown_event"],
    429: ["rate_limited"],
    502: ["origin_unreachable", "origin_redirected"],
    503: ["source_misconfigured", "in_flight", "store_unavailable", "overloaded"],
    504: ["origin_timeout"],
  }).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)])),
);

const known = gateways.everySource();

/** The development secret of a provider's scheme (its first one if none is named). */
export function secretOf(provider, scheme) {
  const found = find(provider, scheme);
  assert.ok(found, `providers/ has no ${provider} ${scheme ?? ""}`);
  return found.secret;
}

function find(provider, scheme) {
  return known.find((one) => one.provider === provider && (!scheme || one.scheme === scheme));
}

/** Sources with the origin and their secrets filled in where absent: `{ sources, secrets }`. */
export function configured(sources, url) {
  const [table, secrets] = [{}, {}];
  for (const [name, source] of Object.entries(sources)) {
    table[name] = { origin: `${url}/hooks`, insecure_origin: true, ...source };
    const secret = find(source.provider, source.scheme)?.secret;
    if (secret) secrets[gateways.secretName(name)] = secret;
  }
  return { sources: table, secrets };
}

/**
 * Starts an origin and a gateway in front of it, both stopped with the test. In `options.sources`,
 * which is otherwise the `SOURCES` binding, the origin and the secrets are filled in where absent.
 */
export async function open(test, { sources, secrets = {}, origin: given, ...options }) {
  const origin = given ?? (await origins.start());
  const filled = configured(sources, origin.url);
  const table = filled.sources;
  const gateway = await gateways.start({
    ...options,
    // As JSON: a value that a test sets to undefined is not there at all.
    ...JSON.parse(JSON.stringify({ sources: table, secrets: { ...filled.secrets, ...secrets } })),
  });
  test.after(async () => {
    await gateway.stop();
    if (!given) await origin.stop();
  });

  /** The request of a genuine delivery to a source, for `send`; every part can be given. */
  function delivery(name, parts = {}) {
    // What the table does not know, the parts say.
    const { provider, scheme } = table[name] ?? parts;
    const body = Buffer.from(parts.body ?? gateways.newEvent(provider));
    const signed = sign(provider, find(provider, scheme).scheme, {
      secret: parts.secret ?? secretOf(provider, scheme),
      body,
      now: parts.now ?? Math.floor(Date.now() / 1000),
      id: parts.id ?? `msg_${randomUUID()}`,
    });
    return {
      method: parts.method,
      url: `${parts.at ?? gateway.url}${options.prefix ?? ""}/${name}`,
      headers: [["content-type", "application/json"], ...signed, ...(parts.headers ?? [])],
      body: parts.sent ?? body,
    };
  }
  return {
    gateway,
    origin,
    delivery,
    deliver: (name, parts) => send(delivery(name, parts)),
    log: (predicate, more) => gateway.waitForLog(predicate, more),
  };
}

/** Sends a request and gives the reply: `{ status, headers, header(name), body, json() }`. */
export function send(request) {
  return begin(request).reply;
}

/**
 * Like `send`, for a sender that may hang up: `{ reply, hangUp() }`. With `sent`, only so many bytes of the body
 * ever leave: who still writes when the gateway answers early may get a reset instead of the answer.
 */
export function begin({ method = "POST", url, headers = [], body = Buffer.alloc(0), chunked = false, sent }) {
  const target = new URL(url);
  const has = (name) => headers.some(([other]) => other.toLowerCase() === name);
  const all = [...headers];
  if (!has("host")) all.push(["host", target.host]);
  if (chunked) all.push(["transfer-encoding", "chunked"]);
  else if (!has("content-length")) all.push(["content-length", String(body.length)]);
  all.push(["connection", "close"]);

  const request = http.request({
    host: target.hostname,
    port: target.port,
    // As given: `new URL` would tidy up the path.
    path: url.slice(target.origin.length) || "/",
    method,
    headers: all.flat(),
    agent: false,
  });
  const reply = receive(request);
  reply.catch(() => {}); // who hangs up may ignore it
  const bytes = body.subarray(0, sent);
  if (chunked) for (let at = 0; at < bytes.length; at += 65536) request.write(bytes.subarray(at, at + 65536));
  else if (bytes.length > 0) request.write(bytes);
  if (sent === undefined) request.end();
  else {
    request.flushHeaders();
    reply.finally(() => request.destroy()).catch(() => {});
  }
  // With a reset: workerd does not take a mere FIN for a sender that has gone.
  return { reply, hangUp: () => request.socket.resetAndDestroy() };
}

async function receive(request) {
  const response = await new Promise((resolve, reject) => {
    request.on("response", resolve);
    request.on("error", reject);
  });
  const chunks = [];
  response.on("data", (chunk) => chunks.push(chunk));
  await Promise.race([
    once(response, "end"),
    once(response, "aborted").then(() => Promise.reject(new Error("the reply was cut short"))),
  ]);
  const body = Buffer.concat(chunks);
  return {
    status: response.statusCode,
    headers: response.headers,
    header: (name) => response.headers[name],
    body,
    json: () => JSON.parse(body),
  };
}

/** Asserts that a reply is a rejection with this code, its status and its form. */
export function assertRejected(reply, code) {
  const problem = reply.header("content-type") === "application/problem+json" ? reply.json() : {};
  assert.deepEqual(
    { status: reply.status, code: problem.code, in_body: problem.status },
    { status: statusOf[code], code, in_body: statusOf[code] },
    `expected ${code}, got ${reply.status} ${reply.body}`,
  );
  assert.equal(problem.type, "about:blank");
  assert.equal(typeof problem.title, "string");
  assert.equal(reply.header("cache-control"), "no-store");
}

/** Asserts that a reply is a duplicate's: the stored status, nothing else. */
export function assertDuplicate(reply, status = 200) {
  assert.equal(reply.status, status, `${reply.status} ${reply.body}`);
  assert.equal(reply.header("x-hookwarden-duplicate"), "true");
  assert.equal(reply.body.length, 0);
}

/** A promise and the function that settles it: what an origin's `after` waits for. */
export function gate() {
  let open;
  const after = new Promise((resolve) => (open = resolve));
  return { after, open };
}
