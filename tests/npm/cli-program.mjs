// The command-line tool as a program, for its tests.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { sign } from "../../scripts/sign.mjs";
import { root } from "./data.mjs";

export const PROGRAM = join(root, "pkg/dist/cli.js");
export const SECRET = "hunter2 of the tests";
export const NOW = 1_700_000_000;
export const BODY = '{"id":"evt_1","event":"call.failed","timestamp":"2024-01-15T10:30:00Z","data":{}}';

export const folder = mkdtempSync(join(tmpdir(), "hookwarden-cli-"));
after(() => rmSync(folder, { recursive: true, force: true }));

export function file(name, content) {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

export const body = file("body.json", BODY);

/** Runs it: `{ status, out, err }`. */
export async function cli(args, { input = "", env = {} } = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "", ...env },
  });
  const [out, err] = [[], []];
  child.stdout.on("data", (chunk) => out.push(chunk));
  child.stderr.on("data", (chunk) => err.push(chunk));
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const [status] = await once(child, "close");
  return { status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

export async function judged(args, options) {
  const { status, out, err } = await cli(args, options);
  assert.equal(err, "");
  assert.match(out, /^\{.*\}\n$/, "one JSON object");
  return { status, ...JSON.parse(out) };
}

/** The same for some at once: the machine has more than one core. */
export async function each(items, run) {
  const waiting = [...items];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await run(item);
    }),
  );
}

export const flags = (pairs) => pairs.flatMap(([name, value]) => ["--header", `${name}: ${value}`]);
export const signed = (options = {}) =>
  flags(sign("audian", null, { secret: SECRET, body: BODY, now: NOW, ...options }));
export const verify = (...args) => ["verify", "audian", "--secret", SECRET, "--now", String(NOW), ...args];
