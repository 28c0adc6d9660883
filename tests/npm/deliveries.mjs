// Deliveries as providers send them, signed by scripts/sign.mjs, and ways to send them that `fetch` does not have.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { sign } from "../../scripts/sign.mjs";

export const SECRET = "test secret";

/** A new event of Audian, with numbers and letters that no parser and printer gives back as they were. */
export function event(id = `evt_${randomUUID()}`) {
  return `{"id":"${id}","event":"call.failed","timestamp":"2024-01-15T10:30:00Z","data":{"cost":1.0,"name":"\\u00e9"}}`;
}

export function headersOf(body, provider = "audian", scheme = "hmac") {
  const signed = Object.fromEntries(sign(provider, scheme, { secret: SECRET, body }));
  return { "content-type": "application/json", ...signed };
}

/** Posts a body, genuine unless said otherwise. */
export function post(port, body, { headers = headersOf(body), path = "/webhooks", ...init } = {}) {
  return fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", headers, body, ...init });
}

/** Asserts that it was refused as the documents say, and gives what else the answer holds. */
export async function assertProblem(response, status, code) {
  assert.equal(response.status, status);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const problem = await response.json();
  assert.deepEqual([problem.type, problem.status, problem.code], ["about:blank", status, code]);
  return problem;
}

/** A socket on which a request is written by hand. */
export async function socketTo(port) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** The head of a request, with its empty line. */
export function head(headers) {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST /webhooks HTTP/1.1\r\nhost: localhost\r\n${lines.join("")}\r\n`;
}

/** Waits until something holds, and fails when it does not. */
export async function until(holds, what = "it never came true", seconds = 5) {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries === seconds * 50) throw new Error(what);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A promise and what resolves it. */
export function gate() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { opened, open };
}
