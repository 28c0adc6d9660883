// The runtimes that the npm package is tested and measured on: the one that runs this, and those that npm brings into
// tests/npm/runtimes.

import { existsSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../tests/npm/runtimes/node_modules");
const { platform, arch } = process;
const bunArch = { x64: "x64", arm64: "aarch64" }[arch];

const installed = (...paths) => paths.map((path) => join(folder, path)).find(existsSync);
const node = (major) => installed(`node-${major}-${platform}-${arch}/bin/node`);

/** `program` is missing where npm has none for this machine; `everything` are the arguments that permit all. */
export const RUNTIMES = [
  { name: `Node.js ${process.version}, which runs this`, program: process.execPath, args: [], everything: [] },
  { name: "Node.js 22", program: node(22), args: [], everything: [] },
  { name: "Node.js 24", program: node(24), args: [], everything: [] },
  {
    name: "Deno",
    program: installed(`@deno/${platform}-${arch}-glibc/deno`, `@deno/${platform}-${arch}/deno`),
    args: ["run", "--no-prompt", "--node-modules-dir=manual", "--cached-only"],
    everything: ["--allow-all"],
  },
  { name: "Bun", program: installed(`@oven/bun-${platform}-${bunArch}/bin/bun`), args: ["run"], everything: [] },
];
