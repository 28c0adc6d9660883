// The command-line tool, as a program: exit status, output, standard input, mistakes.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { providers } from "../../pkg/dist/index.js";
import { body, BODY, cli, file, folder, judged, NOW, PROGRAM, SECRET, signed, verify } from "./cli-program.mjs";
import { root } from "./data.mjs";
import { project } from "./packed.mjs";

test("an accepted delivery: the object of the contract, and status 0", async () => {
  const { status, ...verdict } = await judged(verify(...signed(), body));
  assert.equal(status, 0);
  const { key, dedupe, reply, secret, ...contract } = verdict;
  assert.deepEqual(contract, {
    verdict: "accepted",
    code: null,
    provider: "audian",
    event: { type: "call.failed", id: "evt_1", timestamp: NOW },
    schema: { status: "valid", violations: [] },
  });
  assert.match(key, /^[0-9a-f]{64}$/);
  assert.deepEqual([dedupe, reply, secret], [true, "any", 0]);
});

test("a rejected delivery: status 1, nothing of the payload", async () => {
  const { status, ...verdict } = await judged(verify(...signed({ secret: "another" }), body));
  assert.equal(status, 1);
  assert.deepEqual(
    [verdict.verdict, verdict.code, verdict.event, verdict.schema],
    ["rejected", "signature_mismatch", null, null],
  );
  assert.equal((await judged(verify(body))).code, "signature_missing");
  assert.equal((await judged(verify(...signed({ now: NOW - 1000 }), body))).code, "timestamp_too_old");
  const broken = '{"id":7,"event":"call.failed","timestamp":"2024-01-15T10:30:00Z","data":{}}';
  const headers = signed({ body: broken });
  const {
    schema,
    code,
    status: refused,
  } = await judged(verify(...headers, "--schema-mode", "enforce"), { input: broken });
  assert.deepEqual([refused, code, schema.status], [1, "schema_violation", "invalid"]);
  const [violation] = schema.violations;
  assert.deepEqual([violation.path, violation.keyword, violation.line, violation.column], ["/id", "type", 1, 7]);
  assert.equal(violation.value, undefined);
  assert.equal((await judged(verify(...headers), { input: broken })).status, 0);
  assert.equal((await judged(verify(...headers, "--schema-mode=off"), { input: broken })).schema.status, "off");
});

test("the body comes from a file, from -, or from standard input, to the byte", async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"event":"x","s":"'),
    Buffer.from([0xff, 0xfe, 0x00]),
    Buffer.from('"}\r\n'),
  ]);
  const headers = signed({ body: bytes });
  for (const [args, input] of [[[file("bytes", bytes)]], [["-"], bytes], [[], bytes]]) {
    assert.equal((await judged(verify(...headers, ...args), { input })).verdict, "accepted");
  }
  const empty = await judged(verify(...signed({ body: "" })));
  assert.deepEqual([empty.verdict, empty.schema.status], ["accepted", "invalid"]);
});

test("secrets: several, from the environment, from a file", async () => {
  const args = ["verify", "audian", "--now", String(NOW), ...signed(), body];
  const status = async (...more) => (await judged([...args, ...more], { env: { HOOK: SECRET } })).secret;
  assert.equal(await status("--secret", "old", "--secret", SECRET), 1);
  assert.equal(await status("--secret-env", "HOOK"), 0);
  assert.equal(await status("--secret-file", file("secret", `${SECRET}\n`)), 0);
  assert.equal(await status("--secret-file", file("secret-crlf", `${SECRET}\r\n`), "--secret", "old"), 1);
});

test("the method and the URL", async () => {
  assert.equal((await judged(verify(...signed(), "--method", "GET", body))).code, "method_not_allowed");
  assert.equal(
    (await judged(verify(...signed(), "--method", "POST", "--url", "https://example.com/h", body))).status,
    0,
  );
});

// [what is wrong, arguments, code]
const MISUSES = [
  ["no such command", ["verifi"], "usage_invalid"],
  ["no such option", verify("--sekret", SECRET), "usage_invalid"],
  ["an unknown option with a value", verify(`--sekret=${SECRET}`), "usage_invalid"],
  ["a missing value", ["verify", "audian", body, "--secret"], "usage_invalid"],
  ["a value that looks like an option", ["verify", "audian", body, "--secret", "--now", "1"], "usage_invalid"],
  ["a secret without quotes", ["verify", "audian", "--secret", ...SECRET.split(" "), body], "usage_invalid"],
  ["no arguments", ["verify"], "usage_invalid"],
  ["a header without a colon", verify("--header", SECRET, body), "usage_invalid"],
  ["a time that is none", verify("--now", "soon", body), "usage_invalid"],
  ["a mode that is none", verify("--schema-mode", "strict", body), "usage_invalid"],
  ["a URL that is none", verify("--url", SECRET, body), "usage_invalid"],
  ["a value for a flag", verify(`--json=${SECRET}`, body), "usage_invalid"],
  ["no secret", ["verify", "audian", body], "secret_missing"],
  ["an empty secret", ["verify", "audian", "--secret", "", body], "secret_missing"],
  ["a variable that is not set", ["verify", "audian", "--secret-env", "NO_SUCH_VARIABLE", body], "secret_missing"],
  [
    "a secret's file that is not there",
    ["verify", "audian", "--secret-file", join(folder, "none"), body],
    "file_unreadable",
  ],
  ["a file that is not there", verify(join(folder, SECRET)), "file_unreadable"],
  ["a folder", verify(folder), "file_unreadable"],
  ["an unknown provider", ["verify", "nobody", "--secret", SECRET, body], "provider_unknown"],
  ["a name that every object has", ["verify", "constructor", "--secret", SECRET, body], "provider_unknown"],
  ["a scheme that must be named", ["verify", "meeting-baas", "--secret", SECRET, body], "scheme_required"],
  ["an unknown scheme", verify("--scheme", "none", body), "scheme_unknown"],
  ["a secret of the wrong form", ["verify", "attendee", "--secret", `${SECRET}!`, body], "secret_invalid"],
  ["two secrets to sign with", ["sign", "audian", "--secret", SECRET, "--secret", "b", body], "usage_invalid"],
  ["a body that cannot be signed", ["sign", "attendee", "--secret", "c2VjcmV0", file("list", "{")], "unsignable"],
  ["an unknown event", ["send", "audian", "none", "--secret", SECRET, "--to", "http://127.0.0.1:1"], "event_unknown"],
  [
    "an unknown provider to send",
    ["send", "constructor", "x", "--secret", SECRET, "--to", "http://127.0.0.1:1"],
    "provider_unknown",
  ],
  ["no receiver", ["send", "audian", "call.failed", "--secret", SECRET], "usage_invalid"],
  [
    "a receiver with a password",
    ["send", "audian", "call.failed", "--secret", SECRET, "--to", "http://a:hunter2@127.0.0.1:1"],
    "usage_invalid",
  ],
  [
    "a receiver of another kind",
    ["send", "audian", "call.failed", "--secret", SECRET, "--to", "file:///etc"],
    "usage_invalid",
  ],
  [
    "no deliveries",
    ["send", "audian", "call.failed", "--secret", SECRET, "--to", "http://127.0.0.1:1", "--count", "0"],
    "usage_invalid",
  ],
  ["no schema", ["validate", body], "usage_invalid"],
  ["a schema that is none", ["validate", "--schema", file("bad.json", '{"tipe":"string"}'), body], "schema_invalid"],
  ["both from standard input", ["validate", "--schema", "-"], "usage_invalid"],
  ["an unknown shell", ["completion", "constructor"], "usage_invalid"],
  ["help for what is not there", ["help", "constructor"], "usage_invalid"],
];

test("a mistake in the call: status 2, its code on standard error, and never what was given", async (t) => {
  for (const [what, args, code] of MISUSES) {
    await t.test(what, async () => {
      const { status, out, err } = await cli(args);
      assert.deepEqual([status, out], [2, ""], err);
      assert.match(err, new RegExp(`^hookwarden: .+ \\(${code}\\)\\n$`));
      const inJson = await cli([...args.slice(0, 1), "--json", ...args.slice(1)]);
      assert.deepEqual([inJson.status, inJson.out], [2, ""]);
      assert.deepEqual(Object.keys(JSON.parse(inJson.err).error), ["code", "message"]);
      for (const text of [err, inJson.err]) {
        assert.ok(!text.includes("hunter2"), text);
        assert.ok(!/\n\s+at /.test(text), text);
      }
    });
  }
});

test("errors as JSON", async () => {
  const { status, out, err } = await cli(["verify", "audian", "--json", body]);
  assert.deepEqual([status, out, Object.keys(JSON.parse(err).error)], [2, "", ["code", "message"]]);
  assert.equal(JSON.parse(err).error.code, "secret_missing");
});

test("validate: places in JSON, values only for people", async () => {
  const schema = file("schema.json", '{"type":"object","required":["id"],"properties":{"id":{"type":"string"}}}');
  assert.deepEqual(await judged(["validate", "--schema", schema], { input: '{"id":"x"}' }), {
    status: 0,
    valid: true,
    code: null,
    violations: [],
  });
  const wrong = file("wrong.json", '{\n  "id": 4711\n}');
  const {
    status,
    code,
    violations: [violation],
  } = await judged(["validate", "--schema", schema, wrong]);
  assert.deepEqual(
    [status, code, violation.path, violation.line, violation.column],
    [1, "schema_violation", "/id", 2, 9],
  );
  assert.equal(violation.value, undefined);
  const people = await cli(["validate", "--no-json", "--schema", schema, wrong]);
  assert.equal(people.status, 1);
  assert.match(people.out, /^not valid schema_violation\n {2}2:9 {2}\/id .* 4711\n$/);
  assert.equal((await judged(["validate", "--schema", schema], { input: "{" })).code, "payload_not_json");
  assert.equal((await judged(["validate", "--schema", "-", wrong], { input: "true" })).status, 0);
  // A value cannot move the cursor.
  const hostile = await cli(["validate", "--no-json", "--schema", file("none.json", '{"maxLength":1}')], {
    input: '"\u009b31m\u202ex"',
  });
  assert.ok(!/[\u0080-\u009f\u202e]/.test(hostile.out), hostile.out);
});

test("explain", async () => {
  const args = ["explain", "audian", "--now", String(NOW), ...signed(), "-"];
  const { status, verdict, code, findings } = await judged([...args, "--secret", SECRET], { input: `${BODY}\n` });
  assert.deepEqual(
    [status, verdict, code, findings[0].id],
    [1, "rejected", "signature_mismatch", "body_line_break_added"],
  );
  const other = await judged([...args, "--secret", "x", "--other-secret-env", "OLD"], {
    input: BODY,
    env: { OLD: SECRET },
  });
  assert.equal(other.findings[0].id, "secret_other");
  const people = await cli([...args, "--no-json", "--secret", ` ${SECRET}`], { input: BODY });
  assert.match(
    people.out,
    /^rejected signature_mismatch: .*\n\nThe secret has spaces .* secret_whitespace\n {2}1 character .*\n {2}Trim it/,
  );
  assert.ok(!people.out.includes("hunter2"));
  const lost = await cli([...args, "--no-json", "--secret", "another"], { input: BODY });
  assert.match(lost.out, /None of \d+ changes makes the signature fit\./);
  const fine = await judged([...args, "--secret", SECRET], { input: BODY });
  assert.deepEqual([fine.status, fine.verdict, fine.findings], [0, "accepted", []]);
});

test("providers", async () => {
  const { status, out } = await cli(["providers", "--json"]);
  assert.equal(status, 0);
  assert.deepEqual(JSON.parse(out), providers());
  const table = await cli(["providers"]);
  for (const { name, schemes, events } of providers()) {
    for (const word of [name, ...schemes, ...events]) assert.ok(table.out.includes(word), word);
  }
});

test("help, version", async () => {
  const commands = ["verify", "explain", "sign", "send", "validate", "providers", "deliveries", "dead-letters", "replay", "completion", "help"];
  const overview = (await cli([])).out;
  for (const args of [["help"], ["--help"], ["-h"]])
    assert.deepEqual(await cli(args), { status: 0, out: overview, err: "" });
  for (const command of commands) {
    assert.match(overview, new RegExp(`^  ${command} `, "m"));
    const { status, out } = await cli(["help", command]);
    assert.equal(status, 0);
    assert.match(out, new RegExp(`\nUsage: hookwarden ${command}`));
    assert.deepEqual((await cli([command, "--help"])).out, out);
  }
  const { version } = JSON.parse(readFileSync(join(root, "pkg/package.json")));
  assert.equal((await cli(["--version"])).out, `${version}\n`);
});

test("completion", async (t) => {
  const { out } = await cli(["completion", "bash"]);
  const script = file(
    "completion.bash",
    `${out}
complete_words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hookwarden; echo "\${COMPREPLY[@]}"; }
complete_words hookwarden ver
complete_words hookwarden verify aud
complete_words hookwarden verify audian --sch
complete_words hookwarden verify audian --schema-mode e
`,
  );
  try {
    assert.equal(
      execFileSync("bash", [script], { encoding: "utf8" }),
      "verify\naudian\n--scheme --schema-mode\nenforce\n",
    );
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    t.diagnostic("there is no bash here");
  }
  assert.match(
    (await cli(["completion", "zsh"])).out,
    /^#compdef hookwarden\n[^]*bashcompinit[^]*complete -F _hookwarden hookwarden\n$/,
  );
  const fish = (await cli(["completion", "fish"])).out.trimEnd().split("\n");
  assert.ok(fish.length > 40 && fish.every((line) => line.startsWith("complete -c hookwarden ")));
});

const TERMINAL = `
import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))`;

test("on a terminal: for people, in colours, unless they do not want them", () => {
  const run = (env, ...args) => {
    const variables = { ...process.env, TERM: "xterm", NO_COLOR: "", ...env };
    const { FORCE_COLOR, NODE_DISABLE_COLORS, ...rest } = variables;
    return execFileSync("python3", ["-c", TERMINAL, process.execPath, PROGRAM, ...args], {
      env: rest,
      encoding: "utf8",
    });
  };
  const args = verify(...signed(), body);
  assert.match(run({}, ...args), /^\x1b\[32maccepted\x1b\[39m\r\n {2}event {3}call\.failed\r\n/);
  assert.match(run({ NO_COLOR: "1" }, ...args), /^accepted\r\n/);
  assert.match(run({ TERM: "dumb" }, ...args), /^accepted\r\n/);
  assert.match(run({}, ...args, "--json"), /^\{"verdict":"accepted"/);
});

test("a reader that stops reading is no failure of ours", () => {
  const command = `"${process.execPath}" "${PROGRAM}" providers | head -n 1`;
  assert.match(execFileSync("sh", ["-c", command], { encoding: "utf8" }), /^asana\n$/);
});

test("npx hookwarden, from the tarball", (t) => {
  const { run, folder: consumer } = project(t);
  const npx = process.platform === "win32" ? "npx.cmd" : "npx";
  assert.deepEqual(JSON.parse(run(npx, "--no-install", "hookwarden", "providers", "--json")), providers());
  const delivered = run(npx, "--no-install", "hookwarden", ...verify(...signed(), body));
  assert.equal(JSON.parse(delivered).verdict, "accepted");
  writeFileSync(
    join(consumer, "explain.mjs"),
    `import { explain } from "hookwarden/explain";
console.log(explain("audian", { secret: "s ", now: 1 }, {}, "{}").code);`,
  );
  assert.equal(run(process.execPath, "explain.mjs"), "signature_missing\n");
});
