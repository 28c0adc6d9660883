// The types: generated ones are those of the schemas, and TypeScript sees what the documentation promises.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { generate } from "../../scripts/types.mjs";
import { everySource, samples } from "../../scripts/gateway.mjs";
import { root } from "./data.mjs";
import { tool } from "./packed.mjs";

test("the generated types are those of the schemas", async () => {
  const files = await generate();
  assert.ok(Object.keys(files).length > 5);
  for (const [path, text] of Object.entries(files)) {
    const found = existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "";
    assert.ok(found === text, `${path} is out of date: \`node scripts/types.mjs\` writes it`);
  }
});

test("TypeScript narrows what it should, and refuses what it must", () => {
  const { status, stdout } = spawnSync(tool("tsc"), ["--project", "tests/npm/types"], { cwd: root, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});

test("a schema that changes without its type is noticed", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "hookwarden-providers-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(root, "providers"), folder, { recursive: true });
  const file = join(folder, "audian/events/call.completed.schema.json");
  const schema = JSON.parse(readFileSync(file, "utf8"));
  schema.properties.data.properties.duration.type = "string";
  writeFileSync(file, JSON.stringify(schema));
  const [path] = ["pkg/src/generated/audian.ts"];
  const changed = (await generate(folder))[path];
  const lines = (text) => new Set(text.split("\n").map((line) => line.trim()));
  const before = lines(readFileSync(join(root, path), "utf8"));
  assert.deepEqual([...lines(changed)].filter((line) => !before.has(line)), ["duration?: string;"]);
});

test("what the providers publish satisfies the types", (t) => {
  const folder = mkdtempSync(join(root, "tests/npm/types/samples-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const calls = everySource().filter(({ source, provider }) => source === provider).flatMap(({ provider }) =>
    samples(provider).map(({ name, event, body }, index) => {
      const constant = `${provider}_${index}`.replaceAll("-", "_");
      return `const ${constant} = ${body.toString("utf8").trim()} as const; // ${name}\n` +
        `accept<${JSON.stringify(provider)}, ${JSON.stringify(event)}>(${constant});\n`;
    }),
  );
  assert.ok(calls.length > 60);
  writeFileSync(join(folder, "samples.ts"), `import type { EventType, Providers } from "hookwarden";
type Frozen<T> = T extends (infer Item)[] ? readonly Frozen<Item>[] : T extends object
  ? { readonly [Key in keyof T]: Frozen<T[Key]> } & { readonly [key: string]: unknown } : T;
function accept<P extends keyof Providers, T extends EventType<P> & keyof Providers[P]["events"]>(
  payload: Frozen<Providers[P]["events"][T]>,
) { return payload; }
${calls.join("")}`);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({
    extends: "../tsconfig.json", include: ["samples.ts"],
    compilerOptions: { paths: { hookwarden: ["../../../../pkg/dist/index.d.ts"] } },
  }));
  const { status, stdout } = spawnSync(tool("tsc"), ["--project", folder], { cwd: root, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
