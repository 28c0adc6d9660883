// Bundles the npm package into pkg/dist/: one file for every entry that pkg/package.json names, and core.js and receive.js,
// which they share.
// Run by `cargo xtask build npm` after wasm-bindgen, wasm-opt and tsc.

import { build } from "esbuild";
import { chmodSync, copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { everySample } from "./samples.mjs";

const root = join(import.meta.dirname, "..");
const source = join(root, "pkg/src");
const dist = join(root, "pkg/dist");
const manifest = JSON.parse(readFileSync(join(root, "pkg/package.json")));

/** The entry `dist/x.js` is made from `src/x.ts`. */
function entries() {
  const files = [manifest.exports, manifest.bin ?? {}].flatMap(leaves).map((path) => /^\.\/dist\/(.+)\.js$/.exec(path));
  const names = new Set(["core", "receive", ...files.filter(Boolean).map(([, name]) => name)]);
  return [...names].map((name) => join(source, `${name}.ts`));
}

const leaves = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(leaves));

/** The sources import what wasm-bindgen made as if it stood beside them, and the module as deflated text. */
const generated = {
  name: "generated",
  setup(build) {
    build.onResolve({ filter: /^\.\/hookwarden\.js$/ }, () => ({ path: join(dist, "hookwarden.js") }));
    build.onResolve({ filter: /^\.\/(core|receive)\.js$/ }, ({ path }) => ({ path, external: true }));
    build.onResolve({ filter: /^\.\/inlined\.js$/ }, () => ({ path: "inlined", namespace: "generated" }));
    build.onResolve({ filter: /^\.\/samples\.js$/ }, () => ({ path: "samples", namespace: "generated" }));
    build.onLoad({ filter: /^samples$/, namespace: "generated" }, () => {
      const deflated = deflateRawSync(JSON.stringify(everySample()), { level: 9, memLevel: 9 }).toString("base64");
      return { contents: `export const deflated = "${deflated}";\n` };
    });
    build.onLoad({ filter: /^inlined$/, namespace: "generated" }, () => {
      const module = readFileSync(join(dist, "hookwarden_bg.wasm"));
      const deflated = deflateRawSync(module, { level: 9, memLevel: 9 }).toString("base64");
      return { contents: `export const deflated = "${deflated}";\nexport const size = ${module.length};\n` };
    });
  },
};

const isTool = (path) => /(cli|explain)\.ts$/.test(path);

const settings = {
  outdir: dist,
  outbase: source,
  bundle: true,
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2022",
  // An adapter imports `hookwarden` by name, so that the runtime's condition chooses how the wasm is loaded.
  external: [
    "node:*", "*.wasm", "hookwarden", "hookwarden/*",
    ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).flatMap((name) => [name, `${name}/*`]),
  ],
  plugins: [generated],
  legalComments: "inline",
  logLevel: "warning",
};

await build({ ...settings, entryPoints: entries().filter((path) => !isTool(path)) });
// Tools for development, whose code nobody steps through: without spaces they are a quarter smaller on disk.
await build({ ...settings, entryPoints: entries().filter(isTool), minifyWhitespace: true, minifySyntax: true });

chmodSync(join(dist, "cli.js"), 0o755);

const licences = { "LICENSE-MIT": "LICENSE-MIT", "LICENSE-APACHE": "LICENSE-APACHE" };
licences["LICENSE-tiny-inflate"] = "node_modules/tiny-inflate/LICENSE";
for (const [name, path] of Object.entries(licences)) copyFileSync(join(root, path), join(root, "pkg", name));
