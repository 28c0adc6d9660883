// The tarball: what is in it, and that it works in an empty project as ESM, from CommonJS, and in strict TypeScript.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./data.mjs";
import { project, text, tool } from "./packed.mjs";

const PROGRAM = `
const body = JSON.stringify({ id: "evt_1", event: "call.failed", timestamp: "2024-01-15T10:30:00Z", data: {} });
const headers = sign("audian", body, { secret: "s" });
const { event } = createVerifier("audian", { secret: "s" }).assert(headers, body);
console.log(event.type, event.known, event.data.id);
`;

test("the tarball holds one wasm and one copy of it as text, and nothing that is not needed", (t) => {
  const { files, unpackedSize, folder } = project(t);
  const paths = files.map(({ path }) => path);
  assert.deepEqual(paths.filter((path) => path.endsWith(".wasm")), ["dist/hookwarden_bg.wasm"]);
  const scripts = paths.filter((path) => path.endsWith(".js"));
  const read = (path) => readFileSync(join(folder, "node_modules/hookwarden", path), "utf8");
  assert.deepEqual(scripts.filter((path) => /[A-Za-z0-9+/\\\n]{50000}/.test(read(path))), ["dist/index.js"]);
  const expected = /^(dist\/.*\.(js|d\.ts)|dist\/hookwarden_bg\.wasm|package\.json|README\.md|LICENSE-[\w-]+)$/;
  assert.deepEqual(paths.filter((path) => !expected.test(path)), []);
  for (const path of scripts) assert.ok(!/sourceMappingURL|\/tmp\/|\/home\//.test(read(path)), path);
  // The messages of panics name files.
  const wasm = readFileSync(join(folder, "node_modules/hookwarden/dist/hookwarden_bg.wasm"), "latin1");
  assert.ok(/\.rs\b/.test(wasm) && !/registry\/src|\/(?:root|home|Users|tmp)\//.test(wasm), "a path of the machine");
  assert.ok(!wasm.includes(root), "a path of the repository");
  for (const needed of ["README.md", "LICENSE-MIT", "LICENSE-APACHE"]) assert.ok(paths.includes(needed), needed);
  assert.ok(unpackedSize < 1_100_000, `${unpackedSize} bytes unpacked`);
});

test("every entry that package.json names is there, with types", (t) => {
  const { files } = project(t);
  const paths = new Set(files.map(({ path }) => `./${path}`));
  const { exports } = JSON.parse(text("pkg/package.json"));
  for (const [entry, target] of Object.entries(exports)) {
    const conditions = typeof target === "string" ? { default: target } : target;
    // A star is one of a kind.
    const names = Object.values(conditions).map((path) => path.replace("*", "stripe"));
    for (const path of names) assert.ok(paths.has(path), `${entry}: ${path}`);
    if (typeof target === "object") {
      // TypeScript takes the first condition that it knows, and Node the first that fits.
      assert.equal(Object.keys(target)[0], "types", entry);
      assert.equal(Object.keys(target).at(-1), "default", entry);
    }
  }
});

test("every declaration that another one imports is there", (t) => {
  const { files, folder } = project(t);
  const paths = new Set(files.map(({ path }) => path));
  const declarations = [...paths].filter((path) => path.endsWith(".d.ts"));
  for (const path of declarations) {
    const content = readFileSync(join(folder, "node_modules/hookwarden", path), "utf8");
    for (const [, imported] of content.matchAll(/(?:from|import\() ?"(\.[^"]+)\.js"/g)) {
      const target = join(path, "..", `${imported}.d.ts`);
      assert.ok(paths.has(target), `${path} imports ${target}`);
    }
  }
});

test("ESM", (t) => {
  const { write, run } = project(t, { type: "module" });
  write("main.js", `import { createVerifier, sign } from "hookwarden";\n${PROGRAM}`);
  assert.equal(run(process.execPath, "main.js"), "call.failed true evt_1\n");
});

test("CommonJS", (t) => {
  const { write, run } = project(t, { type: "commonjs" });
  write("main.js", `const { createVerifier, sign } = require("hookwarden");
${PROGRAM}`);
  assert.equal(run(process.execPath, "--throw-deprecation", "main.js"), "call.failed true evt_1\n");
});

test("an error is an instance of its class, whichever entry the class is from", (t) => {
  const { write, run } = project(t, { type: "module" });
  write("main.js", `import * as main from "hookwarden";
import * as errors from "hookwarden/errors";
import * as slim from "hookwarden/slim";
class Own extends errors.WebhookError {}
const verifier = main.createVerifier("audian", { secret: "s" });
for (const body of [new Uint8Array(), {}]) {
  try {
    verifier.assert({}, body);
  } catch (error) {
    const of = (name) => [main, errors, slim].every((entry) => error instanceof entry[name]);
    console.log(error.name, of("WebhookError"), of("HookwardenError"), error instanceof Own);
  }
}
`);
  const expected = "WebhookError true false false\nHookwardenError false true false\n";
  assert.equal(run(process.execPath, "main.js"), expected);
});

test("verifiers explain once the module for it is imported", (t) => {
  const { write, run } = project(t, { type: "module" });
  write("main.js", `import { createVerifier, sign } from "hookwarden";
import { webhook } from "hookwarden/express";
const headers = sign("audian", "{}", { secret: "s" });
const verifier = createVerifier("audian", { secret: "s " });
for (const run of [() => verifier.explain(headers, "{}"), () => webhook(verifier, { explain: true })]) {
  try { run(); } catch ({ code, message }) { console.log(code, message.includes('import "hookwarden/explain"')); }
}
await import("hookwarden/explain");
webhook(verifier, { explain: true });
console.log(verifier.explain(headers, "{}").findings.map(({ id }) => id).join());
`);
  assert.equal(run(process.execPath, "main.js"), "explain_missing true\noptions_invalid true\nsecret_whitespace\n");
});

test("slim, with the wasm as a file", (t) => {
  const { write, run } = project(t, { type: "module" });
  write("main.js", `import { readFileSync } from "node:fs";
import { createVerifier, HookwardenError, init, sign } from "hookwarden/slim";
try { sign("audian", "{}", { secret: "s" }); } catch (error) { console.log(error.code); }
init(new WebAssembly.Module(readFileSync(new URL(import.meta.resolve("hookwarden/hookwarden.wasm")))));
${PROGRAM}`);
  assert.equal(run(process.execPath, "main.js"), "not_initialised\ncall.failed true evt_1\n");
});

test("an environment without Node's or the browser's extras", (t) => {
  const { write, run } = project(t, { type: "module" });
  // What is left are the standard's own objects and those of every web platform.
  write("main.js", `delete globalThis.Buffer;
process.getBuiltinModule = undefined;
const log = console.log;
delete globalThis.process;
const { createVerifier, sign } = await import("hookwarden");
${PROGRAM.replace("console.log", "log")}`);
  assert.equal(run(process.execPath, "main.js"), "call.failed true evt_1\n");
});

for (const [module, moduleResolution] of [["NodeNext", "NodeNext"], ["ESNext", "Bundler"]]) {
  test(`strict TypeScript, module resolution ${moduleResolution}`, (t) => {
    const { write, run } = project(t, { type: "module" });
    const { compilerOptions } = JSON.parse(text("tests/npm/types/tsconfig.json"));
    const { paths, ...options } = compilerOptions;
    Object.assign(options, { module, moduleResolution, skipLibCheck: false });
    write("tsconfig.json", JSON.stringify({ compilerOptions: options, include: ["api.ts"] }));
    write("api.ts", text("tests/npm/types/api.ts"));
    run(tool("tsc"), "--project", "tsconfig.json");
    // Without the types of the browser, as in a server without @types/node.
    write("bare.ts", `import { createVerifier } from "hookwarden";
const { event } = createVerifier("audian", { secret: "s" }).assert({}, new Uint8Array());
if (event.known && event.type === "call.completed") event.data.data.duration satisfies number | undefined;\n`);
    Object.assign(options, { lib: ["ES2022"] });
    write("bare.json", JSON.stringify({ compilerOptions: options, include: ["bare.ts"] }));
    run(tool("tsc"), "--project", "bare.json");
  });
}

test("publint has nothing to say", async (t) => {
  const { publint } = await import("publint");
  const { folder } = project(t);
  const { messages } = await publint({ pkgDir: join(folder, "node_modules/hookwarden"), strict: true, pack: false });
  assert.deepEqual(messages, []);
});

test("the types are right for every way of importing", (t) => {
  const { tarball, run } = project(t);
  // By design there is no CommonJS build: Node.js from 20.19 on can require() the ESM one. The wasm has no types.
  const known = ["--ignore-rules", "cjs-resolves-to-esm", "--exclude-entrypoints", "hookwarden.wasm"];
  run(tool("attw"), tarball, "--profile", "node16", ...known);
});
