import { claimOf, PREFIX, type DedupeStore, type PrefixOption } from "./store.js";

/** Sends one command, such as `["SET", "a", "1", "NX"]`, and gives its reply. */
export type RedisCommand = (command: string[]) => Promise<unknown>;

/** A client of `ioredis`, one of `redis`, or a function for any other. */
export type RedisClient =
  | { call(command: string, ...args: string[]): Promise<unknown> }
  | { sendCommand(command: string[]): Promise<unknown> }
  | RedisCommand;

// Only who holds the claim may give it back, and in one step.
const RELEASE = 'if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0';

/**
 * Remembers events in Redis. A claim is `SET NX`, which is atomic: of all processes that share the server, one handles an
 * event.
 *
 * ```js
 * const client = createClient({ url: process.env.REDIS_URL });
 * client.on("error", console.error); // without it, a lost connection ends the process
 * await client.connect();
 * const dedupe = redisStore(client);
 * ```
 */
export function redisStore(client: RedisClient, { prefix = PREFIX }: PrefixOption = {}): DedupeStore {
  const send = commandOf(client);
  return {
    async claim(key, holder, lease) {
      const set = ["SET", prefix + key, holder, "NX", "PX", String(Math.ceil(lease * 1000))];
      if ((await send(set)) !== null) return "claimed";
      const found = await send(["GET", prefix + key]);
      // Gone in between: whoever held it has failed, and the next delivery gets it.
      return claimOf(String(found));
    },
    async settle(key, status, window) {
      await send(["SET", prefix + key, String(status), "EX", String(Math.ceil(window))]);
    },
    async release(key, holder) {
      await send(["EVAL", RELEASE, "1", prefix + key, holder]);
    },
  };
}

function commandOf(client: RedisClient): RedisCommand {
  if (typeof client === "function") return client;
  // First: a client of ioredis has a `sendCommand`, too, which is another.
  if ("call" in client) return ([command = "", ...args]) => client.call(command, ...args);
  return (command) => client.sendCommand(command);
}
