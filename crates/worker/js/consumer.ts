// The consumer of the queue: relays each event until its origin has accepted it, refused it for good, or it has become
// too old.

import type { Gateway } from "./gateway.js";
import { eventsOf, logOf, type Env, type Message, type Meta } from "./env.js";
import { attempt, logged } from "./relay.js";
import { next } from "./retry.js";

/** What the sender was answered. */
const ACCEPTED = 202;
/** When to look again for an event that another one holds, or a store that does not answer. */
const LATER_SECONDS = 20;

/** Each message for itself: one that waits for its origin holds no other up. */
export async function consume(batch: MessageBatch<Message>, env: Env, gateway: Gateway): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      const delaySeconds = await take(message, env, gateway).catch(() => LATER_SECONDS);
      if (delaySeconds === undefined) message.ack();
      else message.retry({ delaySeconds });
    }),
  );
}

/** One attempt. Gives the seconds until the next one, or nothing where there is none. */
async function take(message: QueueMessage<Message>, env: Env, gateway: Gateway): Promise<number | undefined> {
  const { meta: text, holder: sender, body: inline } = message.body;
  const meta = JSON.parse(text) as Meta;
  const events = eventsOf(env, meta.key);
  const body = inline ?? (await events.body(meta.key));
  // Another message with the same event was through with it before.
  if (body === null) return undefined;

  const done = await attempt(env, gateway, [text, meta], body, { sender, number: message.attempts, status: ACCEPTED });
  // Somebody else is at it; or the source may be put right.
  if (done.outcome === "busy" || done.code === "source_misconfigured") return LATER_SECONDS;
  const more = { attempt: message.attempts };
  if (done.outcome === "failed") {
    const now = Math.floor(Date.now() / 1000);
    const tried = { ...done, deliveries: message.attempts, now, until: meta.until, random: Math.random() };
    const then = done.code === "source_unknown" ? done.code : next(tried);
    if (typeof then === "number") {
      await logged(env, "queue", meta, done, { ...more, retry_seconds: then });
      return then;
    }
    const { code, status } = done;
    await logOf(env).bury(text, body, { reason: then, code, status, attempts: message.attempts });
    // Its sender may send it again: then it is a new event.
    await events.forget(meta.key);
    await logged(env, "queue", meta, done, { ...more, notes: [then] });
  } else {
    await logged(env, "queue", meta, done, more);
  }
  if (inline === null) await events.discard(meta.key);
  return undefined;
}

type QueueMessage<T> = MessageBatch<T>["messages"][number];
