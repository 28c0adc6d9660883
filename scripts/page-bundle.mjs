// The parts of the page's build that the tests use too: one entry bundled, with what is generated for it.

import { build } from "esbuild";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";

const root = join(import.meta.dirname, "..");
const page = join(root, "pkg/page");

/** The Worker sends it as a header, with `frame-ancestors`, which a page cannot say of itself. */
export const CSP = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** What the page has to know of the providers. */
export function catalogue() {
  const folder = join(root, "providers");
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const definition = parse(readFileSync(join(folder, name, "provider.toml"), "utf8"));
      const { title, docs, credentials = [], event, payload, schemes } = definition;
      const schemas = join(folder, name, "events");
      const events = (existsSync(schemas) ? readdirSync(schemas) : []).map((file) =>
        file.replace(/\.schema\.json$/, ""),
      );
      const facts = schemes.map(({ docs: _, delivery: __, headers = [], ...scheme }) => ({ ...scheme, headers }));
      const eventType = [event?.type ?? []].flat().filter((pointer) => typeof pointer === "string");
      const about = { eventType, eventTypeHeader: event?.type_header, payload, events: events.sort() };
      return { name, title, docs, credentials, ...about, schemes: facts };
    });
}

/** Bundles one entry of pkg/page/: the file's content, and the npm packages that are in it. */
export async function bundle(entry, { assets = {}, define = {}, format = "esm", minify = true } = {}) {
  const generated = {
    name: "generated",
    setup(build) {
      const module = (name, contents) => {
        build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({ path: name, namespace: "generated" }));
        build.onLoad({ filter: new RegExp(`^${name}$`), namespace: "generated" }, () => ({ contents: contents() }));
      };
      module("assets", () =>
        Object.entries(assets)
          .map(([name, path]) => `export const ${name} = ${JSON.stringify(path)};`)
          .join("\n"),
      );
      module("catalogue", () => `export const catalogue = ${JSON.stringify(catalogue())};`);
      // One core for all: what imports the package by name gets the entry without the inlined wasm.
      const entries = {
        hookwarden: "slim",
        "hookwarden/slim": "slim",
        "hookwarden/explain": "explain",
        "hookwarden/errors": "errors",
      };
      build.onResolve({ filter: /^hookwarden(\/|$)/ }, ({ path }) => ({
        path: join(root, `pkg/dist/${entries[path]}.js`),
      }));
    },
  };
  const { outputFiles, metafile } = await build({
    entryPoints: [join(page, entry)],
    bundle: true,
    write: false,
    metafile: true,
    minify,
    format,
    define,
    target: "es2022",
    plugins: [generated],
    legalComments: "none",
    logLevel: "warning",
    absWorkingDir: root,
  });
  const inputs = Object.keys(metafile.inputs).map((path) => path.replaceAll("\\", "/"));
  const packages = inputs.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return { contents: outputFiles[0].contents, packages };
}
