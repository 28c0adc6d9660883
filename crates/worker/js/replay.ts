// Sends a dead letter to its origin once more. What is signed, is signed afresh.

import type { Gateway } from "./gateway.js";
import { logOf, type Env, type Meta } from "./env.js";
import { attempt, LEASE_MS, logged } from "./relay.js";

export interface Replayed {
  readonly id: string;
  readonly outcome: "delivered" | "duplicate" | "busy" | "failed" | "gone";
  readonly code?: string | null;
  readonly origin_status?: number | null;
}

export async function replay(env: Env, gateway: Gateway, id: string): Promise<Replayed> {
  const log = logOf(env);
  // So that two who replay the same one do not both send it.
  const letter = await log.take(id, LEASE_MS);
  if (letter === null) return { id, outcome: "gone" };
  if ("busy" in letter) return { id, outcome: "busy" };
  const meta = JSON.parse(letter.meta) as Meta;
  const done = await attempt(env, gateway, [letter.meta, meta], letter.body, {});
  const { outcome, code, status } = done;
  if (outcome === "delivered" || outcome === "duplicate") await log.remove(id);
  else await log.putBack(id, { reason: "replay_failed", code, status, attempts: outcome === "failed" ? 1 : 0 });
  await logged(env, "replay", meta, done, { attempt: 1 });
  return { id, outcome, code, origin_status: status };
}
