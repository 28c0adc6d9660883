// A real HTTP origin on the loopback interface: it keeps every request as it arrived and answers as
// it is told, also badly.

import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";

/**
 * What the origin does with a request; the default is `{ status: 200 }`.
 *
 * @typedef {object} Behaviour
 * @property {number} [status]
 * @property {Record<string, string|string[]>} [headers]
 * @property {string|Buffer} [body]
 * @property {Promise<unknown>} [after]  answers when this is settled
 * @property {"never"|"close"|"cut"} [fail]  never answers; closes the connection when the headers
 *   were read; closes it in the middle of the body
 */

/**
 * Starts an origin.
 *
 * @param {{ port?: number }} [options]  port 0 lets the system choose
 */
export async function start({ port = 0 } = {}) {
  const requests = [];
  const arrivals = new EventEmitter().setMaxListeners(0);
  const sequence = [];
  let standing = { status: 200 };
  let server;

  const origin = {
    /**
     * The requests so far: `{ method, url, headers: [[name, value]…], body, header(name), gone }`. `gone` is settled when
     * the answer was sent or the connection has ended.
     */
    requests,
    port,
    get url() {
      return `http://127.0.0.1:${origin.port}`;
    },
    /** Sets what happens to every request from now on; a function of the request may decide. */
    answer(behaviour) {
      standing = behaviour;
      sequence.length = 0;
    },
    /** Sets what happens to the next requests, one behaviour each. */
    next(...behaviours) {
      sequence.push(...behaviours);
    },
    clear() {
      requests.length = 0;
    },
    /** The request with this index (from 0) of those since the last `clear`, waited for. */
    async request(index = 0, timeout = 5000) {
      const signal = AbortSignal.timeout(timeout);
      while (requests.length <= index) {
        await once(arrivals, "request", { signal }).catch(() => {
          throw new Error(`the origin got ${requests.length} requests, waited for ${index + 1}`);
        });
      }
      return requests[index];
    },
    /** Takes the origin down: nothing listens any more and open connections are cut. */
    async stop() {
      if (!server) return;
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      server = undefined;
      await closed;
    },
    /** Brings it up again, on the same port. */
    async restart() {
      await origin.stop();
      server = createServer({ keepAliveTimeout: 0 }, receive).listen(origin.port, "127.0.0.1");
      await once(server, "listening");
      origin.port = server.address().port;
    },
  };

  async function receive(request, response) {
    const record = {
      method: request.method,
      url: request.url,
      headers: pairs(request.rawHeaders),
      body: Buffer.alloc(0),
      header: (name) => request.headers[name.toLowerCase()],
      gone: new Promise((resolve) => response.once("close", resolve)),
    };
    const decided = sequence.shift() ?? standing;
    const behaviour = typeof decided === "function" ? decided(record) : decided;
    if (behaviour.fail === "close") {
      record.closed = true;
      requests.push(record);
      arrivals.emit("request", record);
      request.socket.destroy();
      return;
    }
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // the gateway went away in the middle of its request: not a delivery
    }
    record.body = Buffer.concat(chunks);
    requests.push(record);
    arrivals.emit("request", record);
    if (behaviour.fail === "never") return;
    await behaviour.after;
    reply(response, behaviour);
  }

  await origin.restart();
  return origin;
}

function reply(response, { status = 200, headers = {}, body = "", fail }) {
  if (fail === "cut") {
    const whole = Buffer.from(body);
    response.writeHead(status, { ...headers, "content-length": whole.length + 1 });
    response.write(whole, () => response.socket.destroy());
    return;
  }
  response.writeHead(status, headers);
  response.end(body);
}

function pairs(flat) {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]]] : []));
}
