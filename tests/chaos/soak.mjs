// Sustained load at half of what this machine can do: no error, memory that stays where it is, no claim left behind.

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { newEvent, open } from "../worker/harness.mjs";

const TOGETHER = 32;
const WARM_UP_MS = 5_000;
const MEASURE_MS = 10_000;
const SHARDS = 32;

/**
 * @returns `{ capacity, rate, deliveries, errors, held, memory, … }`: deliveries a second at most and as sent; what
 *   was not answered 200; claims that somebody still holds at the end; the runtime's resident memory in MB at each
 *   tenth of the time
 */
export async function soak(test, { minutes }) {
  const { deliver, gateway, origin } = await open(test, {
    sources: { audian: { provider: "audian", store: "durable-object" } },
    isolates: 2,
  });
  const runtime = gatewayProcess();
  const errors = {};
  let deliveries = 0;
  async function one() {
    const at = gateway.urls[deliveries % gateway.urls.length];
    deliveries += 1;
    const answer = deliver("audian", { body: newEvent("audian"), at });
    const status = await answer.then((reply) => reply.status, (error) => error.code);
    if (status !== 200) errors[status] = (errors[status] ?? 0) + 1;
    // What is kept for tests would fill this process.
    if (origin.requests.length > 1000) origin.clear();
    gateway.lines.length = gateway.logs.length = 0;
  }

  async function flatOut(milliseconds) {
    const [end, before] = [performance.now() + milliseconds, deliveries];
    await Promise.all(Array.from({ length: TOGETHER }, async () => {
      while (performance.now() < end) await one();
    }));
    return (deliveries - before) / (milliseconds / 1000);
  }

  await flatOut(WARM_UP_MS);
  const capacity = await flatOut(MEASURE_MS);
  const rate = capacity / 2;
  const [started, length] = [performance.now(), minutes * 60_000];
  const [first, memory, underWay] = [deliveries, [], new Set()];
  for (let elapsed = 0; elapsed < length; elapsed = performance.now() - started) {
    if (elapsed > (length * (memory.length + 1)) / 10) memory.push(residentMegabytes(runtime));
    while (deliveries - first < (rate * elapsed) / 1000) {
      const delivery = one().finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    }
    await sleep(5);
  }
  await Promise.all(underWay);
  memory.push(residentMegabytes(runtime));
  const shards = Array.from({ length: SHARDS }, (_, shard) => `v1-${String(shard).padStart(2, "0")}`);
  const tallies = await Promise.all(shards.map(async (name) => (await gateway.ask("EVENTS", name, [["tally"]]))[0]));
  const sum = (what) => tallies.reduce((all, tally) => all + tally[what], 0);
  return {
    ...{ minutes, capacity: Math.round(capacity), rate: Math.round(rate), deliveries, errors },
    ...{ events: sum("events"), held: sum("held"), memory },
  };
}

/** The runtime that this process has started; none where there is no /proc. */
function gatewayProcess() {
  const numbers = (() => {
    try {
      return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
    } catch {
      return [];
    }
  })();
  return numbers.find((number) => {
    try {
      const [, name, parent] = readFileSync(`/proc/${number}/stat`, "utf8").match(/\((.*)\) \w (\d+)/);
      return name === "workerd" && Number(parent) === process.pid;
    } catch {
      return false; // it has ended meanwhile
    }
  });
}

function residentMegabytes(number) {
  if (number === undefined) return null;
  const [, kilobytes] = readFileSync(`/proc/${number}/status`, "utf8").match(/VmRSS:\s+(\d+)/);
  return Math.round(Number(kilobytes) / 1000);
}
