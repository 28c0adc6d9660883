// What leaves the page, in Node.js: copies and links without secrets; and what its files promise.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { root } from "../../scripts/gateway.mjs";
import { load } from "./modules.mjs";

const { readPaste, asCurl, asVector, asExpress, isCredential, withoutCredentials, toFragment, fromFragment } = await load(
  "delivery/paste",
  "delivery/copy-as",
  "delivery/credentials",
  "delivery/share",
);

const utf8 = (string) => new TextEncoder().encode(string);

test("a curl command that was copied is the delivery that it was copied from", async (t) => {
  const received = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const bodies = [
    "",
    "{}",
    'it\'s "quoted" $HOME `id` \\n\n\n',
    "@file",
    "\0\u00e9\u202e",
    Buffer.from([0xff, 0x00, 0x0a]),
  ];
  for (const body of bodies) {
    const bytes = new Uint8Array(Buffer.from(body));
    const head = {
      method: "PUT",
      target: "/a/b?token=1",
      headers: [
        ["x-sig", "it's"],
        ["content-length", "1"],
        ["cookie", "a=b"],
      ],
    };
    const copied = asCurl({ provider: "audian", scheme: undefined, head, body: bytes, now: 0, secrets: [] });
    assert.deepEqual(copied.removed, ["cookie"]);
    assert.ok(!copied.text.includes("token"), "a query may hold one");
    const command = copied.text.replace("http://127.0.0.1:3000", `http://127.0.0.1:${server.address().port}`);
    // Asynchronously: this process is the server.
    const { status, error } = await run("sh", ["-c", command]);
    assert.equal(error?.code === "ENOENT" ? 0 : status, 0, command);
    const got = received.pop();
    assert.equal(got.method, "PUT");
    assert.equal(got.url, "/a/b");
    assert.equal(got.headers["x-sig"], "it's");
    assert.deepEqual([...got.body], [...bytes]);
    // And read by the page itself.
    if (!copied.text.startsWith("printf")) assert.deepEqual([...(readPaste(copied.text).body ?? [])], [...bytes]);
  }
});

async function run(program, parameters) {
  const child = spawn(program, parameters, { stdio: "ignore" });
  const [status] = await once(child, "exit");
  return { status };
}

test("a vector that was copied is one of the repository's form, and is read again", () => {
  const body = new Uint8Array([0xff, 0x00, 0x7b]);
  const head = {
    method: undefined,
    target: undefined,
    headers: [
      ["X-A", "1"],
      ["x-a", "2"],
      ["x-mb-secret", "s3cret"],
    ],
  };
  const { text: copied, removed } = asVector(
    { provider: "audian", scheme: "hmac", head, body, now: 17, secrets: ["s3cret"] },
    { verdict: "accepted" },
  );
  assert.deepEqual(removed, ["x-mb-secret"]);
  assert.ok(!copied.includes("s3cret"));
  const fields = Object.keys(JSON.parse(readFileSync(join(root, "tests/vectors/audian.json")))[0]);
  for (const field of ["id", "comment", "provider", "secrets", "now", "headers", "body_base64", "expect", "source"]) {
    assert.ok(fields.includes(field) && Object.hasOwn(JSON.parse(copied), field), field);
  }
  const read = readPaste(copied);
  assert.deepEqual([read.provider, read.scheme, read.now, read.secrets], ["audian", "hmac", 17, undefined]);
  assert.deepEqual([...read.body], [...body]);
  assert.deepEqual(read.head.headers, [
    ["X-A", "1"],
    ["x-a", "2"],
  ]);
});

test("a handler that was copied is a program", () => {
  for (const schema of [undefined, '{"type": "object"}']) {
    const { text: program } = asExpress({ provider: "meeting-baas", scheme: "svix" }, schema);
    const checked = spawnSync(process.execPath, ["--check", "--input-type=module", "-"], {
      input: program,
      encoding: "utf8",
    });
    assert.equal(checked.status, 0, checked.stderr + program);
    assert.match(program, /webhook\("meeting-baas", \{ secret: process\.env\.MEETING_BAAS_SECRET, scheme: "svix"/);
  }
});

test("headers that are credentials are known, signatures are none", () => {
  for (const name of [
    "Authorization",
    "Cookie",
    "X-Api-Key",
    "x_api_key",
    "apikey",
    "proxy-authorization",
    "x-mb-secret",
    "X-Meeting-BaaS-Api-Key",
    "x-spoke-api-key",
    "x-custom-token",
    "x-webhook-secret",
    "x-session",
    "my-password",
  ])
    assert.ok(isCredential(name), name);
  for (const name of [
    "x-connect-it-token",
    "x-audian-signature",
    "svix-id",
    "webhook-signature",
    "content-type",
    "idempotency-key",
    "host",
  ]) {
    assert.ok(!isCredential(name), name);
  }
  const { kept, removed } = withoutCredentials(
    [
      ["a", "x-S3CRET-y"],
      ["b", "1"],
    ],
    ["S3CRET"],
  );
  assert.deepEqual([kept, removed], [[["b", "1"]], ["a"]], "a header that holds the secret, whatever it is called");
});

test("a link holds the delivery and no secret, and takes nothing on trust", async () => {
  const body = new Uint8Array([0x7b, 0xff, 0x0d, 0x0a]);
  const head = {
    method: "POST",
    target: "/h?key=s3cret",
    headers: [
      ["X-A", "1"],
      ["authorization", "Bearer s3cret"],
      ["b", "s3cret"],
    ],
  };
  const shared = { provider: "audian", scheme: "hmac", head, body, now: 17 };
  const { fragment, removed } = await toFragment(shared, ["s3cret"]);
  assert.deepEqual(removed, ["authorization", "b"]);
  const read = await fromFragment(fragment);
  assert.deepEqual(read, {
    provider: "audian",
    scheme: "hmac",
    head: { method: "POST", target: "/h", headers: [["X-A", "1"]] },
    body,
    now: 17,
  });
  const random = new Uint8Array(randomBytes(40_000));
  assert.ok((await toFragment({ ...shared, body: random }, [])).fragment === undefined, "too long for a link");
  const text = { ...shared, body: utf8('\ufeff{"é":1}\r\n') };
  assert.deepEqual((await fromFragment((await toFragment(text, [])).fragment)).body, text.body);
  for (const hostile of ["", "#d=", "#d=AAAA", "#x=1", "#d=***", `#d=${"A".repeat(5000)}`])
    assert.equal(await fromFragment(hostile), undefined, hostile);
  const bomb = deflateRawSync(Buffer.alloc(50_000_000, 32)).toString("base64url");
  assert.equal(await fromFragment(`#d=${bomb}`), undefined, "a bomb is not inflated to its end");
  const odd = { v: 1, b: "e30", h: [["a", "b"], ["x", "y\r\nz"], [1, 2], "c"], p: 5, n: "soon" };
  const made = await fromFragment(`#d=${deflateRawSync(JSON.stringify(odd)).toString("base64url")}`);
  assert.deepEqual([made.provider, made.now, made.head.headers], [undefined, undefined, [["a", "b"]]]);
});

test("the page's policy is the Worker's, but for what a page cannot say of itself", async () => {
  const { CSP } = await import("../../scripts/page-bundle.mjs");
  const worker = readFileSync(join(root, "crates/worker/src/assets.rs"), "utf8");
  const header = /const POLICY: &str = "([^"]+)"/.exec(worker)[1].replace(/\\\n\s*/g, "");
  assert.equal(header, `${CSP}; frame-ancestors 'none'`);
});

test("nothing in the page makes HTML of text, or code of it", () => {
  const folder = join(root, "pkg/page/src");
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".ts"));
  assert.ok(files.length > 25);
  for (const file of files) {
    const source = readFileSync(join(folder, file), "utf8");
    assert.doesNotMatch(
      source,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function|\beval\(|DOMParser/,
      file,
    );
  }
});
