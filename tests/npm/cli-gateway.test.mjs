// What asks a gateway's admin API, against a server that answers as the gateway does.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { cli } from "./cli-program.mjs";

const TOKEN = "canary token of the tests";
const asked = [];
let answer = { status: 200, body: {} };
const server = createServer((request, response) => {
  asked.push({ method: request.method, url: request.url, authorization: request.headers.authorization });
  response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
}).listen(0, "127.0.0.1");
await once(server, "listening");
after(() => server.close());
const url = `http://127.0.0.1:${server.address().port}`;
const run = (...args) => cli([...args, "--gateway", url], { env: { HOOKWARDEN_TOKEN: TOKEN } });

const line = {
  id: 7, at: 1_700_000_000, source: "audian", via: "sender", verdict: "rejected", code: "signature_mismatch",
  event_type: null, status: 401, origin_status: null,
};

test("filters become the query, the token a header", async () => {
  answer = { status: 200, body: { deliveries: [line], cursor: "7" } };
  const { status, out } = await run("deliveries", "--source", "a b", "--event-type", "call.completed", "--limit", "1");
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(out), answer.body);
  assert.deepEqual(asked.at(-1), {
    method: "GET",
    url: "/_hookwarden/api/deliveries?source=a+b&event_type=call.completed&limit=1",
    authorization: `Bearer ${TOKEN}`,
  });
  const { out: text } = await run("deliveries", "--no-json");
  assert.match(text, /^ID +TIME[^]*7 +2023-11-14T22:13:20Z +audian +sender +rejected +signature_mismatch[^]*more: --cursor 7/);
});

test("one of them, by its id", async () => {
  answer = { status: 200, body: { delivery: line, attempts: [line] } };
  assert.equal((await run("deliveries", "7")).status, 0);
  assert.equal(asked.at(-1).url, "/_hookwarden/api/deliveries/7");
  answer = { status: 200, body: { dead_letter: { ...line, id: "00ff", body_base64: "eyJhIjoxfQ==" } } };
  const { out } = await run("dead-letters", "00ff", "--body", "--no-json");
  assert.equal(asked.at(-1).url, "/_hookwarden/api/dead-letters/00ff?body=true");
  assert.match(out, /\{"a":1\}\n$/);
});

test("replay says whether all were delivered", async () => {
  for (const [outcome, left, expected] of [["delivered", 0, 0], ["duplicate", 0, 0], ["failed", 0, 1], ["delivered", 3, 1]]) {
    answer = { status: 200, body: { replayed: [{ id: "00ff", outcome, code: null, origin_status: 200 }], left } };
    assert.equal((await run("replay", "--source", "audian")).status, expected);
  }
  assert.deepEqual([asked.at(-1).method, asked.at(-1).url], ["POST", "/_hookwarden/api/replay?source=audian"]);
  await run("replay", "00ff");
  assert.equal(asked.at(-1).url, "/_hookwarden/api/dead-letters/00ff/replay");
  await run("replay", "--all");
  assert.equal(asked.at(-1).url, "/_hookwarden/api/replay?all=true");
});

test("mistakes and refusals say what is wrong, and never the token", async () => {
  const before = asked.length;
  const cases = [
    [["replay", "--gateway", url], {}, "usage_invalid"],
    [["replay", "00ff", "--source", "a", "--gateway", url], {}, "usage_invalid"],
    [["deliveries"], {}, "usage_invalid"],
    [["deliveries", "--gateway", "ftp://a"], {}, "usage_invalid"],
    [["deliveries", "--gateway", url], { HOOKWARDEN_TOKEN: "" }, "token_missing"],
    [["deliveries", "--gateway", url, "--token", "a", "--token", "b"], {}, "token_missing"],
    [["deliveries", "--gateway", "http://127.0.0.1:1"], {}, "gateway_unreachable"],
  ];
  for (const [args, env, code] of cases) {
    const { status, out, err } = await cli(args, { env: { HOOKWARDEN_TOKEN: TOKEN, ...env } });
    assert.deepEqual([status, out], [2, ""], args.join(" "));
    assert.ok(err.includes(code) && !err.includes("canary"), err);
  }
  assert.equal(asked.length, before);
  const refusals = [
    [401, { title: "no" }, "api_refused"],
    [404, { code: "source_unknown" }, "api_absent"],
    [500, {}, "api_refused"],
  ];
  for (const [status, body, code] of refusals) {
    answer = { status, body };
    const { status: exit, err } = await run("deliveries");
    assert.equal(exit, 2);
    assert.ok(err.includes(code) && !err.includes("canary"), err);
  }
});
