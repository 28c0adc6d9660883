// Bundles the page into pkg/page/dist/_hookwarden/, the folder that any static host can serve. Each file but the page
// itself and its service worker has a hash of its content in its name.
// Run by `cargo xtask build page`, after the npm package.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { parse } from "smol-toml";
import { everySample } from "./samples.mjs";

const root = join(import.meta.dirname, "..");
const page = join(root, "pkg/page");
const dist = join(page, "dist/_hookwarden");
const { version } = JSON.parse(readFileSync(join(root, "pkg/package.json")));

/** The Worker sends it as a header, with `frame-ancestors`, which a page cannot say of itself. */
export const CSP = [
  "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "worker-src 'self'",
  "connect-src 'self'", "img-src 'self'", "base-uri 'none'", "form-action 'none'",
].join("; ");

/** What the page has to know of the providers. */
function catalogue() {
  const folder = join(root, "providers");
  return readdirSync(folder).sort().map((name) => {
    const { title, docs, credentials = [], event, schemes } = parse(readFileSync(join(folder, name, "provider.toml"), "utf8"));
    const events = readdirSync(join(folder, name, "events")).map((file) => file.replace(/\.schema\.json$/, "")).sort();
    const facts = schemes.map(({ docs: _, delivery: __, ...scheme }) => scheme);
    return { name, title, docs, credentials, eventType: event.type ?? [], events, schemes: facts };
  });
}

const files = [];
const packages = new Set();

/** Writes a file under a name that changes with its content. */
function put(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const path = `assets/${basename(name, extname(name))}-${hash}${extname(name)}`;
  writeFileSync(join(dist, path), content);
  files.push(path);
  return path;
}

/** Bundles one entry, with what is generated for it. */
async function bundle(entry, { assets = {}, define = {}, format = "esm" } = {}) {
  const generated = {
    name: "generated",
    setup(build) {
      const module = (name, contents) => {
        build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: "generated" }));
        build.onLoad({ filter: new RegExp(`^${name}$`), namespace: "generated" }, () => ({ contents: contents() }));
      };
      module("assets", () => Object.entries(assets).map(([name, path]) => `export const ${name} = ${JSON.stringify(path)};`).join("\n"));
      module("catalogue", () => `export const catalogue = ${JSON.stringify(catalogue())};`);
      // One core for all: what imports the package by name gets the entry without the inlined wasm.
      const entries = { hookwarden: "slim", "hookwarden/slim": "slim", "hookwarden/explain": "explain", "hookwarden/errors": "errors" };
      build.onResolve({ filter: /^hookwarden(\/|$)/ }, ({ path }) => ({ path: join(root, `pkg/dist/${entries[path]}.js`) }));
    },
  };
  const { outputFiles, metafile } = await build({
    entryPoints: [join(page, entry)],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format,
    define,
    target: "es2022",
    plugins: [generated],
    legalComments: "none",
    logLevel: "warning",
    absWorkingDir: root,
  });
  for (const path of Object.keys(metafile.inputs)) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path.replaceAll("\\", "/"));
    if (found) packages.add(found[1]);
  }
  return outputFiles[0].contents;
}

/** The licences of what is in the bundles, as these licences ask. */
function licences() {
  return [...packages].sort().map((name) => {
    const folder = join(root, "node_modules", name);
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    return `${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  }).join(`\n${"-".repeat(80)}\n\n`);
}

async function style(name) {
  const { outputFiles } = await build({
    entryPoints: [join(page, "styles", name)], minify: true, write: false, logLevel: "warning",
    // A newer target than the scripts': the colours are written with light-dark().
    target: "chrome123",
  });
  return put(name, outputFiles[0].contents);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "assets"), { recursive: true });

const wasm = put("hookwarden.wasm", readFileSync(join(root, "pkg/dist/hookwarden_bg.wasm")));
const samples = put("samples.json", JSON.stringify(everySample()));
const worker = put("judge.js", await bundle("src/judge/worker.ts", { assets: { wasmUrl: basename(wasm) } }));
const main = put("main.js", await bundle("src/main.ts", { assets: { workerUrl: worker, samplesUrl: samples, version } }));
const names = {
  "main.js": main,
  "theme.js": put("theme.js", await bundle("src/view/theme.ts", { format: "iife" })),
  "tokens.css": await style("tokens.css"),
  "page.css": await style("page.css"),
  "icon.svg": put("icon.svg", readFileSync(join(page, "icon.svg"))),
  csp: CSP,
};
const html = readFileSync(join(page, "index.html"), "utf8").replace(/\{\{(.+?)\}\}/g, (_, name) => names[name]);
writeFileSync(join(dist, "index.html"), html);
const hash = createHash("sha256").update(html).digest("hex").slice(0, 10);
const kept = { FILES: JSON.stringify(["./", ...files]), VERSION: JSON.stringify(`${version}-${hash}`) };
writeFileSync(join(dist, "sw.js"), await bundle("src/service-worker.ts", { define: kept, format: "iife" }));
writeFileSync(join(dist, "LICENSES.txt"), licences());
