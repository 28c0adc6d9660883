// What the command-line tool signs and sends, held against scripts/sign.mjs, which shares no code with it.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { everySource, samples } from "../../scripts/gateway.mjs";
import { sign } from "../../scripts/sign.mjs";
import { BODY, body, cli, each, file, flags, judged, NOW, SECRET } from "./cli-program.mjs";
import { read } from "./data.mjs";

test("sign, then verify: every source, and an independent signer says the same", async () => {
  const cases = everySource().flatMap((source) =>
    samples(source.provider)
      .slice(0, 4)
      .map((sample) => ({ ...source, sample })),
  );
  assert.equal(new Set(cases.map(({ provider }) => provider)).size, 5);
  await each(cases, async ({ provider, scheme, secret, sample }) => {
    const common = ["--secret", secret, "--scheme", scheme, "--now", String(NOW)];
    const { status, out, err } = await cli(["sign", provider, ...common, "--id", "msg_1"], { input: sample.body });
    assert.deepEqual([status, err], [0, ""]);
    const pairs = out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(": "));
    const independent = sign(provider, scheme, { secret, body: sample.body, now: NOW, id: "msg_1" });
    const bare = (list) => list.map(([name, value]) => [name, value.replace(/^sha256=/, "")]).sort();
    assert.deepEqual(bare(pairs), bare(independent), `${provider} ${scheme} ${sample.name}`);
    const verdict = await judged(["verify", provider, ...common, ...flags(pairs)], { input: sample.body });
    assert.deepEqual([verdict.status, verdict.verdict, verdict.event.type], [0, "accepted", sample.event]);
    // And what the independent signer made.
    const other = await judged(["verify", provider, ...common, ...flags(independent)], { input: sample.body });
    assert.equal(other.status, 0);
  });
  const { out } = await cli(["sign", "audian", "--secret", SECRET, "--now", String(NOW), "--json", body]);
  assert.deepEqual(Object.keys(JSON.parse(out)).sort(), ["x-audian-signature", "x-audian-timestamp"]);
});

test("vectors get their verdicts", async () => {
  const { vectors } = read();
  const chosen = vectors.filter((_, at) => at % Math.ceil(vectors.length / 40) === 0);
  await each(chosen, async (vector) => {
    const { id, provider, scheme, secrets, now, method, url, headers, body_base64: encoded, expect } = vector;
    // A process's arguments cannot hold every header that a vector can.
    if (JSON.stringify([headers, secrets]).includes("\\u0000") || secrets.some((one) => one === "")) return;
    if (headers.some(([name]) => !/^[!#$%&'*+.^_`|~\w-]+$/.test(name))) return;
    const args = [
      "verify",
      provider,
      ...(scheme ? ["--scheme", scheme] : []),
      ...secrets.map((one) => `--secret=${one}`),
    ];
    args.push("--now", String(now), ...(method ? ["--method", method] : []), ...(url ? ["--url", url] : []));
    args.push(...headers.map(([name, value]) => `--header=${name}: ${value}`));
    const { verdict, code, status } = await judged(args, { input: Buffer.from(encoded, "base64") });
    assert.deepEqual(
      [verdict, code, status],
      [expect.verdict, expect.code ?? null, expect.verdict === "accepted" ? 0 : 1],
      id,
    );
  });
});

/** A receiver that answers as it is told to, and remembers what came. */
async function receiver(t, answer) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const delivery = { method: request.method, headers: request.headers, body: Buffer.concat(chunks) };
    requests.push(delivery);
    response.writeHead(answer(delivery, requests.length)).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${server.address().port}/hook`, requests };
}

/** Whether the independent signer signs it like this. */
function genuine({ provider, scheme, secret }, { headers, body }) {
  const now = Number(headers["x-audian-timestamp"] ?? headers["svix-timestamp"] ?? 0);
  const expected = sign(provider, scheme, { secret, body, now, id: headers["svix-id"] });
  return expected.every(([name, value]) => headers[name]?.replace(/^sha256=/, "") === value.replace(/^sha256=/, ""));
}

test("send: every sample of every provider, to the byte and signed right", async (t) => {
  const events = everySource().flatMap((source, at, all) => {
    const first = all.findIndex(({ provider }) => provider === source.provider) === at;
    const names = [...new Set(samples(source.provider).map(({ event }) => event))];
    return (first ? names : names.slice(0, 1)).map((event) => ({ ...source, event }));
  });
  assert.ok(events.length > 60);
  await each(events, async (source) => {
    const { provider, scheme, secret, event } = source;
    const bodies = samples(provider)
      .filter((sample) => sample.event === event)
      .map(({ body }) => body.toString());
    const { url, requests } = await receiver(t, (delivery) => (genuine(source, delivery) ? 204 : 401));
    const args = [
      "send",
      provider,
      event,
      "--secret",
      secret,
      "--scheme",
      scheme,
      "--to",
      url,
      "--count",
      String(bodies.length),
      "--json",
    ];
    const { status, ...summary } = await judged(args);
    assert.deepEqual(
      [status, summary.as_expected, summary.statuses],
      [0, bodies.length, { 204: bodies.length }],
      `${provider} ${event}`,
    );
    assert.deepEqual(
      requests.map(({ body }) => body.toString()),
      bodies,
    );
    assert.ok(
      requests.every(({ method, headers }) => method === "POST" && headers["content-type"] === "application/json"),
    );

    const tampered = await judged([...args, "--tamper"]);
    assert.deepEqual(
      [tampered.status, tampered.tampered, tampered.statuses],
      [0, true, { 401: bodies.length }],
      `${provider} ${event}`,
    );
  });
});

test("send: many at once, failures, redirects, nobody there", async (t) => {
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    open += 1;
    most = Math.max(most, open);
    request.resume().on("end", () =>
      setTimeout(() => {
        open -= 1;
        response.writeHead(200).end("ok");
      }, 20),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const send = (...args) => cli(["send", "audian", "call.failed", "--secret", SECRET, ...args]);
  const { status, out } = await send(
    "--to",
    `http://127.0.0.1:${server.address().port}/`,
    "--count",
    "40",
    "--concurrency",
    "8",
  );
  assert.equal(status, 0);
  assert.match(out, /40 of 40 taken as expected\n\s+200\s+40\n.* ms in the middle/);
  assert.ok(most > 2 && most <= 8, `${most} at once`);

  const sometimes = await receiver(t, (_, count) => (count % 2 === 0 ? 500 : 200));
  const half = await judged([
    "send",
    "audian",
    "call.failed",
    "--secret",
    SECRET,
    "--to",
    sometimes.url,
    "--count",
    "4",
    "--json",
  ]);
  assert.deepEqual([half.status, half.as_expected, half.statuses], [1, 2, { 200: 2, 500: 2 }]);

  const moved = await receiver(t, () => 302);
  assert.equal((await send("--to", moved.url)).status, 1);
  assert.equal(moved.requests.length, 1);
  // A receiver that takes what was tampered with has failed.
  const careless = await receiver(t, () => 200);
  assert.equal((await send("--to", careless.url, "--tamper")).status, 1);

  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const to = `http://127.0.0.1:${gone.address().port}/`;
  gone.close();
  await once(gone, "close");
  const nobody = await judged(["send", "audian", "call.failed", "--secret", SECRET, "--to", to, "--json"]);
  assert.deepEqual([nobody.status, nobody.as_expected, nobody.statuses, nobody.milliseconds], [1, 0, {}, null]);
  assert.deepEqual(nobody.errors, { ECONNREFUSED: 1 });
  assert.ok(!JSON.stringify(nobody).includes("hunter2"));
});

test("a provider of one's own: sign, send, verify and explain take its file", async (t) => {
  const scheme = {
    name: "s", algorithm: "hmac-sha512", encoding: "hex", signed_content: "{body}", headers: [{ signature: "x-acme" }],
  };
  const definition = { name: "acme", title: "Acme", docs: "https://example.com", event: { type: ["/type"] }, schemes: [scheme] };
  const own = ["--provider-file", file("acme.json", JSON.stringify(definition)), "--secret", SECRET];
  const signature = (content) => createHmac("sha512", SECRET).update(content).digest("hex");
  for (const [name, content, type] of [
    ["own.json", '{"type":"a","to":"Zoë"}', "application/json"],
    ["own.form", "a=1&b=", "application/x-www-form-urlencoded"],
  ]) {
    const { url, requests } = await receiver(t, ({ headers, body }) => (headers["x-acme"] === signature(body) ? 204 : 401));
    const send = ["send", ...own, file(name, content), "--to", url, "--json"];
    const { status, ...summary } = await judged([...send, "--count", "2"]);
    assert.deepEqual([status, summary.provider, summary.event, summary.statuses], [0, "acme", null, { 204: 2 }]);
    assert.equal(requests[0].body.toString(), content);
    assert.equal(requests[0].headers["content-type"], type);
    const tampered = await judged([...send, "--tamper"]);
    assert.deepEqual([tampered.status, tampered.statuses], [0, { 401: 1 }], name);
  }
  const given = [...own, "--header", `x-acme: ${signature(BODY)}`];
  assert.equal((await judged(["verify", ...given, body])).status, 0);
  assert.equal((await judged(["explain", ...given, body])).status, 0);
  const explained = await judged(["explain", ...given, "-"], { input: `${BODY}\n` });
  assert.deepEqual([explained.status, explained.findings[0].id], [1, "body_line_break_added"]);

  const none = ["--to", "http://127.0.0.1:1"];
  for (const [args, code] of [
    [["send", ...own, ...none], "usage_invalid"],
    [["send", ...own, "audian", body, ...none], "usage_invalid"],
    [["send", ...own, file("latin1", Buffer.from([0x7b, 0xe9])), ...none], "body_invalid"],
    [["send", "--provider-file", file("null.json", "null"), "--secret", SECRET, body, ...none], "options_invalid"],
    [["explain", "--provider-file", file("empty.json", "{}"), "--secret", SECRET, body], "definition_invalid"],
  ]) {
    const { status, err } = await cli(args);
    assert.equal(status, 2, err);
    assert.match(err, new RegExp(`\\(${code}\\)`));
  }
});
