// Modules of the page, bundled for Node.js: what needs no browser is tested without one.

import { bundle } from "../../scripts/page-bundle.mjs";

export async function load(...names) {
  const modules = await Promise.all(
    names.map(async (name) => {
      const assets = { workerUrl: "", wasmUrl: "", publicKeysUrl: "", samplesUrl: "", version: "" };
      const { contents } = await bundle(`src/${name}.ts`, { minify: false, assets });
      return import(`data:text/javascript;base64,${Buffer.from(contents).toString("base64")}`);
    }),
  );
  return Object.assign({}, ...modules);
}
