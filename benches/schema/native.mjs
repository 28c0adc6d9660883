// The native half: the same workloads, given to the Rust program as files.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** For each workload the times of Hookwarden and of serde_json with jsonschema, as `race` gives them. */
export function native(program, workloads, { rounds, sample, warmUp }) {
  const folder = mkdtempSync(join(tmpdir(), 'hookwarden-bench-'));
  try {
    const named = (index, kind) => join(folder, `${index}.${kind}.json`);
    for (const [index, { schema, payload }] of workloads.entries()) {
      writeFileSync(named(index, 'schema'), schema);
      writeFileSync(named(index, 'payload'), payload);
    }
    const verdicts = workloads.map(({ valid }) => (valid ? 'valid' : 'invalid'));
    const printed = execFileSync(program, [folder, rounds, sample, Math.round(warmUp / 4), ...verdicts].map(String), {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return JSON.parse(printed);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
