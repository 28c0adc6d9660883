// The origin is down for an hour of simulated time while events arrive in queue mode, and the queue delivers some
// messages twice.

import { newEvent, open } from "../worker/harness.mjs";
import { createQueue } from "../worker/queue-model.mjs";

const HOUR = 3600;
const START = 1_790_000_000;

/**
 * @returns `{ early, lost, twice, left }`: how often the origin accepted anything while it was down; events that never
 *   arrived; that arrived twice; and messages that are still on the queue three hours later
 */
export async function outage(test, { events, twice }) {
  const queue = createQueue({ twice });
  const { deliver, gateway, origin } = await open(test, {
    sources: { audian: { provider: "audian", store: "durable-object", delivery: "queue" } },
    clock: true,
    queue: queue.binding,
  });
  const arrived = new Map();
  let down = true;
  origin.answer((request) => {
    if (down) return { status: 503 };
    const id = request.header("x-hookwarden-event-id");
    arrived.set(id, (arrived.get(id) ?? 0) + 1);
    return { status: 200 };
  });
  const bodies = Array.from({ length: events }, () => newEvent("audian"));
  let refused = 0;
  for (const [index, body] of bodies.entries()) {
    const now = START + Math.floor((index * HOUR) / events);
    await queue.run(gateway.url, now, now);
    const { status } = await deliver("audian", { body, now, headers: [["x-test-now", String(now)]] });
    if (status !== 202) refused += 1;
  }
  await queue.run(gateway.url, START + HOUR, START + HOUR);
  const waiting = queue.size;
  const early = arrived.size;
  const attempts = origin.requests.length;
  down = false;
  await queue.run(gateway.url, START + HOUR, START + 4 * HOUR);
  return {
    ...{ events, refused, waiting, attempts, early, left: queue.size },
    lost: bodies.filter((body) => !arrived.has(JSON.parse(body).id)).length,
    twice: [...arrived.values()].filter((times) => times > 1).length,
  };
}
