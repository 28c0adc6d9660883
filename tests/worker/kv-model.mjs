// A model of Workers KV that is as weak as the real one (the local simulator is not): a look-up, also
// one that found nothing, is remembered at its location for a minute, and a key takes one write per
// second. Its time stands still unless a test moves it.

import { EventEmitter, once } from "node:events";
import { Response } from "miniflare";

const STALE_SECONDS = 60;

/** A store that any number of isolates may share; give `store.worker` to the gateway as `store`. */
export function createStore() {
  const entries = new Map();
  const remembered = new Map();
  const changes = new EventEmitter().setMaxListeners(0);
  let now = 0;

  const operations = {
    get({ location, key }) {
      const place = `${location} ${key}`;
      const known = remembered.get(place);
      if (known && now < known.until) return known.answer;
      const entry = entries.get(key);
      const answer =
        entry && now < entry.expires
          ? { value: entry.value, metadata: entry.metadata }
          : { value: null, metadata: null };
      remembered.set(place, { answer, until: now + STALE_SECONDS });
      return answer;
    },
    put({ location, key, value, options }) {
      const ttl = options.expirationTtl ?? Infinity;
      if (ttl < 60) return { error: `KV PUT failed: 400 Invalid expiration_ttl of ${ttl}` };
      if (now - (entries.get(key)?.written ?? -Infinity) < 1) {
        store.refused.push({ location, key });
        return { error: "KV PUT failed: 429 Too Many Requests" };
      }
      entries.set(key, { value, metadata: options.metadata ?? null, expires: now + ttl, written: now });
      store.puts.push({ location, key, ttl });
      changes.emit("put");
      return {};
    },
    delete({ key }) {
      entries.delete(key);
      return {};
    },
  };

  const store = {
    /** The writes that were taken, and those that were refused: `{ location, key, … }`. */
    puts: [],
    refused: [],
    /** How often each operation was called, failures included. */
    calls: { get: 0, put: 0, delete: 0 },
    /** The operations that fail for now, as they do when KV is down: `["get", "put"]`. */
    failing: [],
    /** The operations that never end for now. */
    hanging: [],
    advance(seconds) {
      now += seconds;
    },
    /** Writes as a person does, from outside; `null` deletes. */
    set(key, text) {
      if (text === null) return void entries.delete(key);
      const value = Buffer.from(text).toString("base64");
      entries.set(key, { value, metadata: null, expires: Infinity, written: now });
    },
    /** Waits until this many writes were taken. */
    async written(count, timeout = 5000) {
      const signal = AbortSignal.timeout(timeout);
      while (store.puts.length < count) await once(changes, "put", { signal });
    },
    worker: {
      modules: [{ type: "ESModule", path: "store.mjs", contents: binding }],
      serviceBindings: {
        STORE: async (request) => {
          const call = await request.json();
          store.calls[call.operation] += 1;
          if (store.hanging.includes(call.operation)) await new Promise(() => {});
          const answer = store.failing.includes(call.operation)
            ? { error: `KV ${call.operation.toUpperCase()} failed: 500 Internal Server Error` }
            : operations[call.operation](call);
          return new Response(JSON.stringify(answer));
        },
      },
    },
  };
  return store;
}

// Runs in workerd: the API of a KV namespace, each call one request to the store above.
const binding = `
  const encode = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const decode = (text) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

  export default function (env) {
    async function call(operation, key, more = {}) {
      const body = JSON.stringify({ operation, location: env.LOCATION, key, ...more });
      const response = await env.STORE.fetch("http://store/", { method: "POST", body });
      const answer = await response.json();
      if (answer.error) throw new Error(answer.error);
      return answer;
    }
    async function read(key, options) {
      const { value, metadata } = await call("get", key);
      if (value === null) return { value: null, metadata: null, cacheStatus: null };
      const form = new Response(decode(value));
      const type = (typeof options === "string" ? options : options?.type) ?? "text";
      return { value: type === "stream" ? form.body : await form[type](), metadata, cacheStatus: null };
    }
    return {
      get: async (key, options) => (await read(key, options)).value,
      getWithMetadata: (key, options) => read(key, options),
      put: async (key, value, options = {}) => {
        const bytes = new Uint8Array(await new Response(value).arrayBuffer());
        await call("put", key, { value: encode(bytes), options });
      },
      delete: async (key) => { await call("delete", key); },
      list: async () => { throw new Error("the model has no list"); },
    };
  }`;
