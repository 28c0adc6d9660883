// The package as its users get it: packed, and installed by name into an empty project.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { root } from "./data.mjs";

const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/** Where frameworks are installed: a project within finds them, as npm has its packages in a folder above. */
export const consumers = join(root, "tests/npm/consumers");

/** Packs and installs: `{ folder, tarball, files, unpackedSize, write(name, text), run(program, ...arguments) }`. */
export function project(test, { type, within = tmpdir() } = {}) {
  const folder = mkdtempSync(join(within, "hookwarden-packed-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  const run = (program, ...args) => {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, `${program} ${args.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  };
  const packed = run(npm, "pack", join(root, "pkg"), "--json", "--loglevel=error");
  const [{ filename, files, unpackedSize }] = JSON.parse(packed);
  const write = (name, text) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  write("package.json", JSON.stringify({ name: "consumer", private: true, type }));
  run(npm, "install", `./${filename}`, "--offline", "--no-audit", "--no-fund", "--loglevel=error");
  return { folder, tarball: join(folder, filename), files, unpackedSize, write, run };
}

/** A command-line tool of the repository. */
export const tool = (name) => join(root, "node_modules/.bin", process.platform === "win32" ? `${name}.cmd` : name);

export const text = (path) => readFileSync(join(root, path), "utf8");
