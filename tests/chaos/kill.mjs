// The gateway is killed and started again in the middle of deliveries, its origin fails and hangs, and the sender
// retries as its provider does. Time runs faster for all of them, so that hours fit into a test.

import { setTimeout as sleep } from "node:timers/promises";
import * as origins from "../../scripts/origin.mjs";
import { sign } from "../../scripts/sign.mjs";
import { configured, newEvent, secretOf, send } from "../worker/harness.mjs";
import { startKillable } from "./process.mjs";

/** Seconds after the first attempt: the schedule of Svix, which sends for Meeting BaaS. */
const RETRIES = [0, 5, 15, 315, 1215, 3015, 10215];
/** How fast time runs. A lease must stay longer than a relay, whose timeout is measured in real time. */
const SPEED = 20;
const ORIGIN_TIMEOUT_MS = 300;
/** How many deliveries are on their way at once. */
const TOGETHER = 20;

/**
 * `failures` is how often the origin fails one event at most: the sender's attempts are numbered.
 *
 * @returns `{ lost, twice, late, unexplained, … }`: events that never arrived; that were accepted twice; of these the
 *   ones whose first acceptance came after the origin's timeout; and those for which neither that nor a kill is to blame
 */
export async function killed({ store, deliveries, kills, failures: most }) {
  const clock = { base: Date.now(), speed: SPEED };
  const now = () => clock.base + (Date.now() - clock.base) * clock.speed;
  const origin = await origins.start();
  const accepted = new Map();
  const failures = new Map();
  let asked = 0;
  origin.answer((request) => {
    const id = request.header("x-hookwarden-event-id");
    asked += 1;
    const failed = failures.get(id) ?? 0;
    const fault = failed < most ? Math.random() : 1;
    if (fault < 0.25) failures.set(id, failed + 1);
    if (fault < 0.05) return { fail: "never" };
    if (fault < 0.25) return { status: 503 };
    const answered = sleep(Math.random() * 40).then(() => {
      accepted.set(id, [...(accepted.get(id) ?? []), Date.now()]);
    });
    return { status: 200, after: answered };
  });

  const policy = { store, fail: "closed", origin_timeout_ms: ORIGIN_TIMEOUT_MS };
  const source = { provider: "meeting-baas", scheme: "svix", ...policy };
  const gateway = await startKillable({ clock, ...configured({ svix: source }, origin.url) });
  const killedAt = [];
  let [begun, underWay, attempts] = [0, 0, 0];
  const ids = Array.from({ length: deliveries }, (_, at) => `msg_${at}`);
  const exhausted = [];
  const timedOut = new Set();

  async function deliver(id, body) {
    const started = now();
    for (const [at, after] of RETRIES.entries()) {
      const jitter = 1 + (at === 0 ? 0 : Math.random() * 0.2);
      await sleep(Math.max(0, started + after * 1000 * jitter - now()) / SPEED);
      // What failed together must not come back together: the machine is not what is tested.
      while (underWay >= TOGETHER) await sleep(2);
      attempts += 1;
      underWay += 1;
      const status = await once(id, body).catch(() => 0);
      underWay -= 1;
      if (status === 504) timedOut.add(id);
      if (status >= 200 && status < 300) return;
    }
    exhausted.push(id);
  }

  async function once(id, body) {
    const secret = secretOf("meeting-baas", "svix");
    const headers = sign("meeting-baas", "svix", { secret, body, now: Math.floor(now() / 1000), id });
    const timeout = sleep(30_000 / SPEED + 2000, 0, { ref: false });
    const answer = send({ url: `${gateway.url}/svix`, headers, body });
    return Promise.race([answer.then(({ status }) => status), timeout]);
  }

  const all = [];
  const killing = kill();
  for (const id of ids) {
    while (underWay >= TOGETHER) await sleep(2);
    begun += 1;
    all.push(deliver(id, newEvent("meeting-baas")));
    await sleep(1);
  }
  await Promise.all([killing, ...all]);

  async function kill() {
    for (let at = 1; at <= kills; at += 1) {
      while (begun < (deliveries * at) / (kills + 1)) await sleep(5);
      await gateway.kill();
      killedAt.push(Date.now());
      await gateway.restart();
    }
  }

  await gateway.stop();
  await origin.stop();

  const twice = [...accepted].filter(([, times]) => times.length > 1);
  // The origin's 2xx was on its way, or had arrived and was not settled yet.
  const nearKill = (time) => killedAt.some((kill) => Math.abs(kill - time) < 500);
  const byKill = ([, times]) => times.slice(0, -1).every(nearKill);
  const late = twice.filter((one) => !byKill(one) && timedOut.has(one[0]));
  return {
    events: deliveries,
    attempts,
    asked,
    kills: killedAt.length,
    lost: ids.filter((id) => !accepted.has(id)).length,
    exhausted: exhausted.length,
    twice: twice.length,
    late: late.length,
    unexplained: twice.filter((one) => !byKill(one) && !late.includes(one)).length,
  };
}
