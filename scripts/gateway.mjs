// Runs the built Worker (build/, made by `cargo xtask build worker`) in workerd, through Miniflare,
// on the loopback interface. The artifact itself is never changed: what tests need on top of it (a
// clock of their own, a stand-in for Workers KV) is put around it.

import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { signs } from "./sign.mjs";
import { build, builtModules, clockModule, compatibility, memoryModules, OUTSIDE } from "./worker-modules.mjs";

/** The repository's root folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const host = "127.0.0.1";

/**
 * Starts the gateway.
 *
 * @param {object} options
 * @param {object|string} options.sources  the `SOURCES` binding: a table, or JSON text
 * @param {Record<string, string>} [options.secrets]  secret bindings, by name (`AUDIAN_SECRET`)
 * @param {string} [options.prefix]  the `PREFIX` binding
 * @param {Record<string, unknown>} [options.vars]  further variables
 * @param {boolean} [options.page]  serves the page, with Cloudflare's router of assets in front of the Worker
 * @param {number} [options.port]  0 lets the system choose
 * @param {boolean|{ base: number, speed: number }} [options.clock]  takes the time from the request header
 *   `x-test-now`, or runs faster than real time from `base` on
 * @param {boolean} [options.memory]  says at `/x-test-memory` what the WebAssembly holds
 * @param {number} [options.isolates]  how many Workers, each an isolate of its own, share the store
 * @param {object} [options.store]  a Worker, as Miniflare wants it, whose default export makes the
 *   binding that stands in for Workers KV out of `{ LOCATION }`, the name of the isolate
 * @param {object|"simulator"} [options.schemas]  the same for the namespace of schemas, which is not bound
 *   otherwise; or the local simulator of Workers KV
 * @param {object|"simulator"} [options.config]  the same for the namespace of the document with further sources
 * @param {false} [options.objects]  binds no Durable Objects
 * @param {{ worker: object, options: object }} [options.faults]  a Worker that stands between the gateway and its
 *   Durable Objects, and what binds it
 * @param {"simulator"|{ worker: object, options: object }} [options.queue]  the local simulator of Queues, or a Worker
 *   that stands in for one, and what binds it; none is bound otherwise
 * @param {object} [options.ratelimits]  rate limiters, as Miniflare wants them
 * @param {object} [options.datasets]  datasets of Analytics Engine, as Miniflare wants them: it drops what is written
 * @param {{ worker: object, options: object }} [options.points]  a Worker that stands in for one, and what binds it
 * @param {string} [options.persist]  the folder that keeps what is stored; in memory otherwise
 * @param {Record<string, (request: Request) => Promise<Response>>} [options.services]  service bindings
 * @param {(line: string) => void} [options.onLine]  called with every line that workerd prints
 * @returns the gateway: `url` (`urls`, one per isolate), `kv(binding)`, `ask`, `lines`, `logs`, `waitForLog`, `stop`
 */
export async function start(options) {
  const output = recordOutput(options.onLine);
  const names = Array.from({ length: options.isolates ?? 1 }, (_, index) => `gateway-${index}`);
  const workers = names.map((name, index) => worker(name, index, options));
  for (const [binding, kind] of Object.entries(namespaces(options))) {
    if (typeof kind === "object") workers.push({ ...kind, name: binding.toLowerCase() });
  }

  // Node asks the objects through a Worker that is bound to them whatever stands in between.
  workers.push({ name: "outside", modules: true, script: OUTSIDE, ...compatibility(), ...objectBindings({}) });
  for (const { worker } of standIns(options)) workers.push(worker);

  const miniflare = new Miniflare({
    workers,
    cf: false,
    ...(options.persist && { defaultPersistRoot: options.persist }),
    handleRuntimeStdio: (stdout, stderr) => [stdout, stderr].forEach(output.read),
  });
  let urls;
  try {
    urls = await Promise.all(names.map((name) => miniflare.unsafeGetDirectURL(name)));
  } catch (error) {
    await miniflare.dispose().catch(() => {});
    throw error;
  }
  return {
    url: urls[0].origin,
    urls: urls.map((url) => url.origin),
    kv: (binding = "DEDUPE") => miniflare.getKVNamespace(binding, names[0]),
    /** Calls methods of a Durable Object, `[[method, ...arguments], …]`, and gives what they answer. */
    ask: async (binding, name, calls) => {
      const outside = await miniflare.getWorker("outside");
      const init = { method: "POST", body: JSON.stringify({ binding, name, calls }) };
      return (await outside.fetch("http://outside/", init)).json();
    },
    lines: output.lines,
    logs: output.logs,
    waitForLog: output.waitForLog,
    stop: () => miniflare.dispose(),
  };
}

/**
 * The sources that the demo, `dev` and the tests share: one for each scheme of each provider that scripts/sign.mjs can
 * stand in for.
 */
export function everySource() {
  const entries = readdirSync(join(root, "providers"), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && signs(entry.name)).flatMap((folder) => {
    const [head, ...schemes] = definition(folder.name).split(/^\[\[schemes\]\]$/m);
    const provider = text(head, "name");
    return schemes.map((scheme, index) => {
      const name = text(scheme, "name");
      const source = index === 0 ? provider : `${provider}-${name}`;
      return { source, provider, scheme: name, secret: developmentSecret(source, text(scheme, "secret")) };
    });
  });
}

/** The samples of a provider: `{ name, event, body }`, the bytes as they are in its folder. */
export function samples(provider) {
  const folder = join(root, "providers", provider, "samples");
  return readdirSync(folder).sort().map((file) => {
    const name = basename(file, ".json");
    // A second sample of one event is called `<event>~<what is special about it>`.
    return { name, event: name.split("~")[0].replaceAll("%2F", "/"), body: readFileSync(join(folder, file)) };
  });
}

/**
 * The body of a new event: a sample of the provider with an identity of its own.
 *
 * @param {string} provider
 * @param {(payload: object) => void} [change]  a last change to the payload
 * @param {string} [event]  the event type; if absent, the first one that is like the others
 */
export function newEvent(provider, change, event) {
  const all = samples(provider);
  const [, ...special] = definition(provider).split(/^\[\[events\]\]$/m);
  const exceptions = special.map((table) => text(table, "name"));
  const sample = all.find((one) => (event ? one.event === event : !exceptions.includes(one.event)));
  const payload = JSON.parse(sample.body);
  // What one of the providers takes an event's identity from, and a new field for the others.
  for (const [holder, key] of [[payload, "idempotency_key"], [payload, "id"], [payload.data, "bot_id"]]) {
    if (typeof holder?.[key] === "string") holder[key] = holder[key].replace(/[^_]*$/, randomUUID());
  }
  payload.sample_id = randomUUID();
  change?.(payload);
  return Buffer.from(JSON.stringify(payload));
}

/** The name of the secret binding of a source: `meeting-baas` has `MEETING_BAAS_SECRET`. */
export function secretName(source) {
  return `${source.toUpperCase().replaceAll("-", "_")}_SECRET`;
}

function definition(provider) {
  return readFileSync(join(root, "providers", provider, "provider.toml"), "utf8");
}

/** The text of a string value in a TOML table, or undefined: enough for the project's own files. */
function text(table, key) {
  return table.match(new RegExp(`^${key}\\s*=\\s*"([^"]*)"`, "m"))?.[1];
}

/** A fixed secret that is good for nothing but this machine, in the form the scheme asks for. */
function developmentSecret(source, form) {
  const bytes = createHash("sha256").update(`hookwarden development secret of ${source}`).digest();
  if (form === "base64") return bytes.toString("base64");
  if (form === "whsec") return `whsec_${bytes.toString("base64")}`;
  return `development-${bytes.toString("hex").slice(0, 32)}`;
}

function worker(name, index, options) {
  const { sources, secrets = {}, prefix = "", port = 0, clock = false, services = {}, vars = {} } = options;
  return {
    name,
    modulesRoot: build,
    modules: [...(clock ? [clockModule(clock)] : []), ...(options.memory ? memoryModules() : []), ...builtModules()],
    ...compatibility(),
    bindings: { SOURCES: sources, PREFIX: prefix, ...vars, ...secrets },
    serviceBindings: services,
    // The Worker's own socket, without Miniflare's proxy in front: headers, chunks and a sender that
    // hangs up arrive as they were sent.
    unsafeDirectSockets: [{ host, port: index === 0 ? port : 0 }],
    ratelimits: options.ratelimits ?? {},
    analyticsEngineDatasets: options.datasets ?? {},
    ...namespaceBindings(options, name),
    ...objectBindings(options),
    ...queueBindings(options, index),
    ...(options.page && page()),
  };
}

/** The files of the page, as wrangler.toml binds them. */
function page() {
  const directory = join(root, "pkg/page/dist");
  if (!existsSync(directory)) throw new Error("pkg/page/dist is missing: run `cargo xtask build page` first");
  const assetConfig = { html_handling: "none", not_found_handling: "none" };
  const routerConfig = { has_user_worker: true, static_routing: { user_worker: ["/_hookwarden/*"] } };
  return { assets: { directory, binding: "ASSETS", assetConfig, routerConfig } };
}

/** What stands between the gateway and its bindings, or in the place of one. */
function standIns({ faults, queue, points }) {
  return [faults, queue, points].filter((one) => typeof one === "object");
}

/** The queue of the simulator, consumed by the first isolate as soon as there is a message. */
function queueBindings({ queue }, index) {
  if (queue !== "simulator") return {};
  const consumer = { maxBatchSize: 10, maxBatchTimeout: 0, maxRetries: 100 };
  return {
    queueProducers: { QUEUE: { queueName: "hookwarden" } },
    ...(index === 0 && { queueConsumers: { hookwarden: consumer } }),
  };
}

/** The Durable Objects: all isolates share those of the first, as all instances of a Worker do. */
const objectClasses = { EVENTS: "EventStore", LOG: "DeliveryLog" };

function objectBindings({ objects, faults }) {
  if (objects === false) return {};
  const real = Object.entries(objectClasses).map(([binding, className]) => {
    return [binding, { className, scriptName: "gateway-0", useSQLite: true }];
  });
  return { durableObjects: Object.fromEntries(real.filter(([name]) => !faults?.options.wrappedBindings[name])) };
}

/** What stands behind each KV binding: a Worker, or the simulator. */
function namespaces({ store = "simulator", schemas, config }) {
  return { DEDUPE: store, ...(schemas && { SCHEMAS: schemas }), ...(config && { CONFIG: config }) };
}

function namespaceBindings(options, location) {
  const bindings = { wrappedBindings: {}, kvNamespaces: {} };
  for (const [binding, kind] of Object.entries(namespaces(options))) {
    const scriptName = binding.toLowerCase();
    if (kind === "simulator") bindings.kvNamespaces[binding] = scriptName;
    else bindings.wrappedBindings[binding] = { scriptName, bindings: { LOCATION: location } };
  }
  for (const { options: more } of standIns(options)) Object.assign(bindings.wrappedBindings, more.wrappedBindings);
  return bindings;
}

/** Keeps what workerd prints; the Worker's own log lines are the ones that are JSON objects. */
function recordOutput(onLine) {
  const lines = [];
  const logs = [];
  const waiting = new Set();

  function line(text) {
    lines.push(text);
    onLine?.(text);
    const log = parse(text);
    if (!log) return;
    logs.push(log);
    for (const wait of waiting) wait(log);
  }

  /** The first log line (from the index `after` on) that the predicate accepts, waited for. */
  function waitForLog(predicate, { after = 0, timeout = 5000 } = {}) {
    const known = logs.slice(after).find(predicate);
    if (known) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(judge);
        reject(new Error(`no such log line within ${timeout} ms; the last was ${lines.at(-1)}`));
      }, timeout);
      function judge(log) {
        if (!predicate(log)) return;
        clearTimeout(timer);
        waiting.delete(judge);
        resolve(log);
      }
      waiting.add(judge);
    });
  }

  const read = (stream) => createInterface({ input: stream, crlfDelay: Infinity }).on("line", line);
  return { lines, logs, waitForLog, read };
}

function parse(line) {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
