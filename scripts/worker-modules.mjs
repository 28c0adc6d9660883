// The modules that workerd is given: those of build/, and what tests put around them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The folder of the built Worker. */
export const build = join(root, "build");

/** A Worker beside the gateway that is bound to its Durable Objects: so that tests can ask them. */
export const OUTSIDE = `
  export default {
    async fetch(request, env) {
      const { binding, name, calls } = await request.json();
      const object = env[binding].getByName(name);
      const answers = calls.map(([method, ...given]) => object[method](...given));
      return Response.json((await Promise.all(answers)).map((answer) => answer ?? null));
    },
  };`;

/** The modules of build/, the entry point first. */
export function builtModules() {
  const entry = join(build, "index.js");
  if (!existsSync(entry)) {
    throw new Error("build/index.js is missing: run `cargo xtask build worker` first");
  }
  const files = readdirSync(build, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && /\.(js|wasm)$/.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => path !== entry && !relative(build, path).startsWith("."))
    .map((path) => ({ type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path }));
  return [{ type: "ESModule", path: entry }, ...files];
}

/** The runtime's behaviour as wrangler.toml wants it deployed. */
export function compatibility() {
  const config = readFileSync(join(root, "wrangler.toml"), "utf8");
  const flags = config.match(/^compatibility_flags\s*=\s*\[([^\]]*)\]/m)?.[1] ?? "";
  return {
    compatibilityDate: config.match(/^compatibility_date\s*=\s*"([^"]*)"/m)?.[1],
    compatibilityFlags: Array.from(flags.matchAll(/"([^"]+)"/g), ([, flag]) => flag),
  };
}

/** An entry point around the built one that lets a test say what time it is. */
export function clockModule({ base = 0, speed = 1 }) {
  const contents = `
    import { WorkerEntrypoint } from "cloudflare:workers";
    import Gateway from "./index.js";

    const RealDate = Date;
    let now = null;
    const read = () => now ?? Math.floor(${base} + (RealDate.now() - ${base}) * ${speed});
    globalThis.Date = class extends RealDate {
      constructor(...parts) { parts.length === 0 ? super(read()) : super(...parts); }
      static now() { return read(); }
    };

    export * from "./index.js";
    export default class extends WorkerEntrypoint {
      /** Hands over a batch as a queue does, and answers what became of each message. */
      async consume(request, at) {
        now = at;
        const bytes = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
        const messages = (await request.json()).map(({ body, ...message }) => ({
          ...message,
          body: { ...body, body: body.body === null ? null : bytes(body.body) },
          outcome: null,
          ack() { this.outcome = { acked: true }; },
          retry(options) { this.outcome = { acked: false, ...options }; },
        }));
        await Gateway.queue({ queue: "hookwarden", messages }, this.env, this.ctx);
        return Response.json(messages.map(({ outcome }) => outcome));
      }

      fetch(request) {
        const at = request.headers.get("x-test-now");
        // No later than the last instant that a Date can hold.
        if (new URL(request.url).pathname === "/x-test-queue") return this.consume(request, Number(at) * 1000);
        now = at === null ? null : Math.min(Number(at) * 1000, 8.64e15);
        const delivery = new Request(request);
        delivery.headers.delete("x-test-now");
        return Gateway.fetch(delivery, this.env, this.ctx);
      }
    }`;
  return { type: "ESModule", path: join(build, "clock.js"), contents };
}

/** An entry point around the built one that says at `/x-test-memory` what the WebAssembly holds. */
export function memoryModules() {
  // The module that is imported first runs first.
  const capture = `
    const Instance = WebAssembly.Instance;
    WebAssembly.Instance = function (module, imports) {
      const instance = new Instance(module, imports);
      globalThis.wasm = instance.exports;
      return instance;
    };`;
  const entry = `
    import "./capture.js";
    import { WorkerEntrypoint } from "cloudflare:workers";
    import Gateway from "./index.js";

    export * from "./index.js";
    export default class extends WorkerEntrypoint {
      fetch(request) {
        if (new URL(request.url).pathname !== "/x-test-memory") return Gateway.fetch(request, this.env, this.ctx);
        const { memory, __wbindgen_externrefs: table } = globalThis.wasm;
        let references = 0;
        for (let at = 0; at < table.length; at += 1) if (table.get(at) != null) references += 1;
        return Response.json({ bytes: memory.buffer.byteLength, references });
      }
    }`;
  const module = (name, contents) => ({ type: "ESModule", path: join(build, name), contents });
  return [module("memory.js", entry), module("capture.js", capture)];
}
