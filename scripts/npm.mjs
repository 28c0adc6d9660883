// Bundles the npm package into pkg/dist/: one file for every entry that pkg/package.json names, and core.js and receive.js,
// which they share.
// Run by `cargo xtask build npm` after wasm-bindgen, wasm-opt and tsc.

import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { compress } from "./lz4.mjs";
import { everySample } from "./samples.mjs";

const root = join(import.meta.dirname, "..");
const source = join(root, "pkg/src");
const dist = join(root, "pkg/dist");
const manifest = JSON.parse(readFileSync(join(root, "pkg/package.json")));

/** The entry `dist/x.js` is made from `src/x.ts`; a star stands for all that there are. */
function entries() {
  const files = [manifest.exports, manifest.bin ?? {}].flatMap(leaves).map((path) => /^\.\/dist\/(.+)\.js$/.exec(path));
  const names = new Set(["core", "receive", ...files.filter(Boolean).map(([, name]) => name)]);
  return [...names].map((name) => join(source, `${name}.ts`));
}

const leaves = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(leaves));

/**
 * The sources import what wasm-bindgen made as if it stood beside them, and the module as text. What entries share is a file
 * of its own, unless one is to stand alone.
 */
const generated = (alone) => ({
  name: "generated",
  setup(build) {
    build.onResolve({ filter: /^\.\/hookwarden\.js$/ }, () => ({ path: join(dist, "hookwarden.js") }));
    build.onResolve({ filter: /^\.\/(core|receive)\.js$/ }, ({ path }) => (alone ? undefined : { path, external: true }));
    build.onResolve({ filter: /^\.\/inlined\.js$/ }, () => ({ path: "inlined", namespace: "generated" }));
    build.onResolve({ filter: /^\.\/samples\.js$/ }, () => ({ path: "samples", namespace: "generated" }));
    build.onLoad({ filter: /^samples$/, namespace: "generated" }, () => {
      const deflated = deflateRawSync(JSON.stringify(everySample()), { level: 9, memLevel: 9 }).toString("base64");
      return { contents: `export const deflated = "${deflated}";\n` };
    });
    build.onLoad({ filter: /^inlined$/, namespace: "generated" }, () => ({ contents: inlined() }));
  },
});

function inlined() {
  const module = readFileSync(join(dist, "hookwarden_bg.wasm"));
  const packed = compress(module);
  const values = {
    packed: Buffer.from(packed).toString("base64"),
    packedSize: packed.length,
    size: module.length,
    unpacker: unpacker().toString("base64"),
  };
  return Object.entries(values).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`).join("");
}

function unpacker() {
  const tool = join(root, "node_modules/.bin/wasm-opt");
  const features = ["--enable-multivalue", "--enable-simd"];
  return execFileSync(tool, [join(source, "unpack.wat"), "-Oz", ...features, "-o", "-"]);
}

const settings = {
  outdir: dist,
  outbase: source,
  bundle: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  // An adapter imports `hookwarden` by name, so that the runtime's condition chooses how the wasm is loaded.
  external: [
    "node:*", "*.wasm", "hookwarden", "hookwarden/*",
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).flatMap((name) => [name, `${name}/*`]),
  ],
  plugins: [generated(false)],
  legalComments: "inline",
  logLevel: "warning",
};
/** Without spaces, where nobody steps through the code or everybody waits for it. */
const dense = { minifyWhitespace: true, minifySyntax: true, lineLimit: 200 };
const isMain = (path) => path.endsWith("/index.ts");
const isTool = (path) => /\/(cli|explain)\.ts$/.test(path);


await build({ ...settings, entryPoints: entries().filter((path) => !isMain(path) && !isTool(path)) });
await build({ ...settings, ...dense, entryPoints: entries().filter(isTool) });
// In one file: each further one would cost a cold start a millisecond.
await build({ ...settings, ...dense, plugins: [generated(true)], entryPoints: entries().filter(isMain) });

chmodSync(join(dist, "cli.js"), 0o755);

for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, name), join(root, "pkg", name));
