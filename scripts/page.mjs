// Bundles the page into pkg/page/dist/_hookwarden/, the folder that any static host can serve. Each file but the page
// itself and its service worker has a hash of its content in its name.
// Run by `cargo xtask build page`, after the npm package.

import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { bundle, CSP } from "./page-bundle.mjs";
import { everySample } from "./samples.mjs";

const root = join(import.meta.dirname, "..");
const page = join(root, "pkg/page");
const dist = join(page, "dist/_hookwarden");
const { version } = JSON.parse(readFileSync(join(root, "pkg/package.json")));

/** The views, each a file of HTML with its code and its style; what they share is in it as `{{tokens.css}}` and so on. */
const VIEWS = {
  "index.html": { code: "src/main.ts", look: "page.css" },
  "dashboard.html": { code: "src/dashboard/dashboard.ts", look: "dashboard.css" },
};
/** A view that works without a network once it was loaded. The dashboard has nothing to show without one. */
const OFFLINE = "index.html";

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

async function script(entry, options) {
  const { contents, packages: within } = await bundle(entry, options);
  for (const name of within) packages.add(name);
  return contents;
}

/** The licences of what is in the bundles, as these licences ask. */
function licences() {
  return [...packages]
    .sort()
    .map((name) => {
      const folder = join(root, "node_modules", name);
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
      return `${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

async function style(name) {
  const { outputFiles } = await build({
    entryPoints: [join(page, "styles", name)],
    minify: true,
    bundle: true,
    write: false,
    logLevel: "warning",
    // A newer target than the scripts': the colours are written with light-dark().
    target: "chrome123",
  });
  return put(name, outputFiles[0].contents);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "assets"), { recursive: true });

const wasm = put("hookwarden.wasm", readFileSync(join(root, "pkg/dist/hookwarden_bg.wasm")));
const samples = put("samples.json", JSON.stringify(everySample()));
// A file of its own: it is fetched when somebody chooses a scheme with public keys.
const publicKeys = put("public-keys.js", await script("src/judge/public-keys.ts"));
const urls = { wasmUrl: basename(wasm), publicKeysUrl: basename(publicKeys) };
const worker = put("judge.js", await script("src/judge/worker.ts", { assets: urls }));
const shared = {
  "theme.js": put("theme.js", await script("src/view/theme.ts", { format: "iife" })),
  "tokens.css": await style("tokens.css"),
  "icon.svg": put("icon.svg", readFileSync(join(page, "icon.svg"))),
  symbols: readFileSync(join(page, "parts/symbols.html"), "utf8").trim().replaceAll("\n", "\n    "),
  csp: CSP,
};
const assets = { workerUrl: worker, samplesUrl: samples, version };
for (const [view, { code, look }] of Object.entries(VIEWS)) {
  const before = files.length;
  const own = {
    "main.js": put(basename(code, ".ts") + ".js", await script(code, { assets })),
    "page.css": await style(look),
  };
  const html = readFileSync(join(page, view), "utf8").replace(
    /\{\{(.+?)\}\}/g,
    (_, name) => ({ ...shared, ...own })[name],
  );
  writeFileSync(join(dist, view), html);
  // It is the folder's own page.
  if (view === OFFLINE) files.push("./");
  else files.length = before;
}
const hash = createHash("sha256").update(readFileSync(join(dist, OFFLINE)));
for (const file of files.slice().sort()) hash.update(file);
const kept = { FILES: JSON.stringify(files), VERSION: JSON.stringify(`${version}-${hash.digest("hex").slice(0, 10)}`) };
writeFileSync(join(dist, "sw.js"), await script("src/service-worker.ts", { define: kept, format: "iife" }));
writeFileSync(join(dist, "LICENSES.txt"), licences());
