// What the gateway in WebAssembly asks of the runtime, each in one call: every object that crosses the border, every
// promise and every callback costs as much as a small payload's whole verification.

/** Whether the instance of the WebAssembly is still good, and which one it is: `instance.rs` says more. */
export const instance = { criticalError: false, instanceId: 0 };

let tasks = 0;

/** A number for a task, which none has had before, not even in an instance that has been replaced. */
export const taskNumber = () => (tasks += 1);

/**
 * Names and values, each with a line feed at its end, which neither may hold; `from` a line. As a record, since the runtime
 * takes twice as long to read pairs.
 *
 * @param {string[]} lines
 * @param {number} from
 */
function record(lines, from) {
  /** @type {Record<string, string>} */
  const all = {};
  for (let at = from; at + 1 < lines.length; at += 2) {
    const [name, value] = /** @type {[string, string]} */ ([lines[at], lines[at + 1]]);
    all[name] = Object.hasOwn(all, name) ? `${all[name]}, ${value}` : value;
  }
  return all;
}

/**
 * The method, the URL, and the headers as `record` reads them.
 *
 * @param {Request} request
 */
export function head(request) {
  let text = `${request.method}\n${request.url}\n`;
  request.headers.forEach((value, name) => (text += `${name}\n${value}\n`));
  return text;
}

/**
 * @param {number} status
 * @param {string} headers
 * @param {BodyInit | undefined} body
 */
export function respond(status, headers, body) {
  return new Response(body ?? null, { status, headers: record(headers.split("\n"), 0) });
}

/**
 * Relays a delivery. Gives the answer; what was too late, it throws `LATE`.
 *
 * Where it is `alone` it is not aborted when it is late: the request that it belongs to ends then, and the runtime aborts
 * what is left of that. A signal for it would cost 8 µs.
 *
 * @param {Fetcher | null | undefined} fetcher  a service; `undefined` for the network
 * @param {string} head  as `head` gives it
 * @param {Uint8Array | undefined} body
 * @param {number} milliseconds
 * @param {boolean} alone
 * @returns {Promise<unknown>}
 */
export function relay(fetcher, head, body, milliseconds, alone) {
  const lines = head.split("\n");
  const [method, url] = /** @type {[string, string]} */ (/** @type {unknown} */ (lines));
  /** @type {RequestInit} */
  const init = { method, headers: record(lines, 2), redirect: "manual" };
  if (body !== undefined) init.body = body;
  const abort = alone ? undefined : new AbortController();
  if (abort !== undefined) init.signal = abort.signal;
  const answer = within(milliseconds, () =>
    fetcher === undefined ? fetch(url, init) : /** @type {Fetcher} */ (fetcher).fetch(url, init),
  );
  if (abort !== undefined) answer.catch(() => abort.abort());
  return answer;
}

/**
 * Calls a method of a binding and waits no longer than so many milliseconds.
 *
 * @param {any} object
 * @param {string} method
 * @param {unknown[]} given
 * @param {number} milliseconds
 * @returns {Promise<unknown>}
 */
export function call(object, method, given, milliseconds) {
  return within(milliseconds, () => object[method](...given));
}

/**
 * Reads a key of Workers KV, and waits no longer than so many milliseconds.
 *
 * @param {Record<string, KVNamespace>} env
 * @param {string} binding
 * @param {string} key
 * @param {number} milliseconds
 * @returns {Promise<unknown>}
 */
export function kvGet(env, binding, key, milliseconds) {
  return within(milliseconds, () => /** @type {KVNamespace} */ (env[binding]).get(key));
}

/**
 * Writes a number under a key that is forgotten after so many seconds.
 *
 * @param {Record<string, KVNamespace>} env
 * @param {string} binding
 * @param {string} key
 * @param {number} value
 * @param {number} expirationTtl
 * @param {number} milliseconds
 * @returns {Promise<unknown>}
 */
export function kvPut(env, binding, key, value, expirationTtl, milliseconds) {
  return within(milliseconds, () => /** @type {KVNamespace} */ (env[binding]).put(key, `${value}`, { expirationTtl }));
}

/**
 * The same as `call` for a method of a Durable Object. With two `tries` the second is made at once where the first fails: an
 * object that moves or is updated fails the calls that are under way.
 *
 * @param {DurableObjectNamespace} namespace
 * @param {string | undefined} jurisdiction
 * @param {string | undefined} location
 * @param {string} name
 * @param {string} method
 * @param {unknown[]} given
 * @param {number} milliseconds
 * @param {number} tries
 * @returns {Promise<unknown>}
 */
export function ask(namespace, jurisdiction, location, name, method, given, milliseconds, tries) {
  return within(milliseconds, async () => {
    for (let left = tries; ; left -= 1) {
      try {
        const there = jurisdiction === undefined ? namespace : namespace.jurisdiction(/** @type {any} */ (jurisdiction));
        const options = location === undefined ? {} : { locationHint: /** @type {any} */ (location) };
        const object = /** @type {any} */ (there.getByName(name, options));
        return await object[method](...given);
      } catch (error) {
        if (left <= 1) throw error;
      }
    }
  });
}

/** What is thrown where something has taken too long; the other side knows it. */
const LATE = true;

/**
 * @param {number} milliseconds
 * @param {() => unknown} begin
 */
async function within(milliseconds, begin) {
  /** @type {number | null} */
  let timer = null;
  try {
    return await new Promise((resolve, reject) => {
      timer = setTimeout(reject, milliseconds, LATE);
      Promise.resolve(begin()).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
export function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** @type {{ createHash(hash: string): { update(message: Uint8Array): { digest(): Uint8Array } } } | undefined} */
let crypto;

/**
 * Writes the digest of a message, and says whether it could: `node:crypto` is there with the flag `nodejs_compat`. It is
 * loaded for the first long message, not before.
 *
 * @param {string} hash
 * @param {Uint8Array} message
 * @param {Uint8Array} digest
 */
export function digest(hash, message, digest) {
  try {
    crypto ??= /** @type {any} */ (globalThis).process?.getBuiltinModule?.("node:crypto");
    if (crypto === undefined) return false;
    digest.set(crypto.createHash(hash).update(message).digest());
    return true;
  } catch {
    return false;
  }
}

/** How much is inflated at once. The runtime does not stop in the middle, and of a byte it can make a thousand. */
const SLICE = 4 * 1024;
/** How much is taken from the runtime at once. */
const TAKEN = 64 * 1024;

/**
 * The content of a body that was compressed with gzip, in pieces: `next` gives `undefined` after the last one. A slice is
 * written whenever there is nothing left to read: the runtime's own pipe would write everything, and the runtime inflate it
 * all before anybody could count.
 *
 * @param {Uint8Array} zipped
 */
export function inflation(zipped) {
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader({ mode: "byob" });
  let space = new Uint8Array(TAKEN);
  let at = 0;
  const write = () => {
    if (at > zipped.length) return false;
    const from = at;
    at = from < zipped.length ? Math.min(from + SLICE, zipped.length) : Infinity;
    return from < zipped.length ? writer.write(zipped.subarray(from, at)) : writer.close();
  };
  return {
    async next() {
      const read = reader.read(space);
      // It fails together with the writing, and one of the two is reported.
      read.catch(() => {});
      for (;;) {
        const result = await Promise.race([read, sleep(0)]);
        if (result !== undefined) {
          if (result.done) return undefined;
          space = new Uint8Array(TAKEN);
          return result.value;
        }
        const written = write();
        if (written === false) await read;
        else await written;
      }
    },
    cancel: () => reader.cancel(),
  };
}
