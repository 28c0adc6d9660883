// A model of Cloudflare Queues whose time a test moves: it delivers a message more than once, in no order, and keeps it
// back as it is told. The local simulator waits in real time and delivers each message once.

import { Response } from "miniflare";

const LARGEST_MESSAGE = 128_000;
const BATCH = 10;

/** Give `queue.binding` to the gateway as `queue`, which needs `clock`. */
export function createQueue({ twice = 0, random = Math.random } = {}) {
  let messages = [];
  let sent = 0;

  const queue = {
    /** What `send` does for now: `"fail"`. */
    order: "pass",
    /** The messages that were sent, as they are kept. */
    sent: [],
    get size() {
      return messages.length;
    },
    /**
     * Delivers what is due at a time (Unix seconds) to a gateway, and what becomes due before `until`, with the time
     * moving along. Gives the time of the last delivery.
     */
    async run(url, now, until) {
      let last = now;
      while (messages.length > 0) {
        const at = Math.max(last, Math.min(...messages.map(({ due }) => due)));
        if (at > until) break;
        last = at;
        const due = shuffled(messages.filter((message) => message.due <= at)).slice(0, BATCH);
        await deliver(url, at, due);
      }
      return last;
    },
    binding: {
      options: { wrappedBindings: { QUEUE: { scriptName: "queue" } } },
      worker: {
        name: "queue",
        modules: [{ type: "ESModule", path: "queue.mjs", contents: binding }],
        serviceBindings: {
          SENT: async (request) => {
            if (queue.order === "fail") return new Response("the queue does not answer", { status: 500 });
            const text = await request.text();
            const body = JSON.parse(text);
            const bytes = body.meta.length + (body.body === null ? 0 : Buffer.from(body.body, "base64").length);
            if (bytes > LARGEST_MESSAGE) return new Response("the message is too large", { status: 413 });
            sent += 1;
            queue.sent.push(body);
            messages.push({ id: String(sent), body, attempts: 0, due: 0 });
            return new Response();
          },
        },
      },
    },
  };

  async function deliver(url, now, batch) {
    for (const message of batch) message.attempts += 1;
    // The second copy is on its way at the same time, or comes when the first is through.
    const again = batch.filter(() => random() < twice);
    const [outcomes] = await Promise.all([consume(url, now, batch), consume(url, now, again)]);
    await consume(url, now, again);
    for (const [at, { acked, delaySeconds = 0 }] of outcomes.entries()) {
      if (acked) messages = messages.filter((message) => message !== batch[at]);
      else batch[at].due = now + Math.max(1, delaySeconds);
    }
  }

  function shuffled(list) {
    return list.map((one) => [random(), one]).sort(([a], [b]) => a - b).map(([, one]) => one);
  }
  return queue;
}

async function consume(url, now, batch) {
  if (batch.length === 0) return [];
  const messages = batch.map(({ id, body, attempts }) => ({ id, body, attempts, timestamp: now * 1000 }));
  const headers = { "x-test-now": String(now) };
  const response = await fetch(`${url}/x-test-queue`, { method: "POST", headers, body: JSON.stringify(messages) });
  return response.json();
}

// Runs in workerd: the producer's side of a queue.
const binding = `
  const encode = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  export default (env) => ({
    async send(message, options) {
      if (options?.contentType !== "v8") throw new Error("bytes need contentType v8");
      const body = message.body === null ? null : encode(message.body);
      const init = { method: "POST", body: JSON.stringify({ ...message, body }) };
      const sent = await env.SENT.fetch("http://queue/", init);
      if (!sent.ok) throw new Error(await sent.text());
    },
  });`;
