export { keyvStore, type KeyvLike } from "./stores/keyv.js";
export { kvStore, type KvNamespace } from "./stores/kv.js";
export { memoryStore } from "./stores/memory.js";
export { redisStore, type RedisClient, type RedisCommand } from "./stores/redis.js";
export type { Claim, DedupeStore, PrefixOption } from "./stores/store.js";
