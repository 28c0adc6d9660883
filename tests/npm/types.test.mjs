// The types: generated ones are those of the schemas, and TypeScript sees what the documentation promises.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { generate } from "../../scripts/types.mjs";
import { root } from "./data.mjs";

test("the generated types are those of the schemas", async () => {
  const files = await generate();
  assert.ok(Object.keys(files).length > 5);
  for (const [path, text] of Object.entries(files)) {
    const found = existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : "";
    assert.ok(found === text, `${path} is out of date: \`node scripts/types.mjs\` writes it`);
  }
});
