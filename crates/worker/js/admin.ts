// The admin API: who may, and what the log's Durable Object cannot do by itself.

import type { Gateway } from "./gateway.js";
import { json, problem } from "./answer.js";
import { configure } from "./config-api.js";
import { current } from "./document.js";
import { eventsOf, logOf, type Env } from "./env.js";
import { replay, type Replayed } from "./replay.js";
import { rehearse, status } from "./status.js";

export const PATH = "/_hookwarden/api/";
/** A shorter token could be guessed: it counts as none. */
const SHORTEST_TOKEN = 16;
/** No further dead letter is replayed in a request that has taken as long. */
const REPLAY_MS = 20_000;

/** Answers a request of the API; `undefined` where there is no API, or the request is for something else. */
export async function administer(
  request: Request,
  env: Env,
  ctx: ExecutionContext,
  gateway: Gateway,
): Promise<Response | undefined> {
  const { pathname, search } = new URL(request.url);
  const token = env.ADMIN_TOKEN?.trim() ?? "";
  if (!pathname.startsWith(PATH) || token.length < SHORTEST_TOKEN || env.LOG === undefined) return undefined;
  if (!(await isAllowed(request, token))) {
    return problem(401, "The token is absent or wrong.", { "www-authenticate": "Bearer" });
  }
  try {
    return await route(request, pathname.slice(PATH.length).split("/"), search, env, ctx, gateway);
  } catch {
    return problem(503, "A Durable Object does not answer; try again later.", { "retry-after": "5" });
  }
}

/** Digests have one length, and comparing them takes the same time wherever they differ. */
async function isAllowed(request: Request, token: string): Promise<boolean> {
  const given = /^bearer +(\S.*?) *$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const digest = (text: string) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const [one, other] = await Promise.all([digest(given), digest(token)]);
  return crypto.subtle.timingSafeEqual(one, other);
}

async function route(
  request: Request,
  path: readonly string[],
  query: string,
  env: Env,
  ctx: ExecutionContext,
  gateway: Gateway,
): Promise<Response> {
  const [kind, id = "", action] = path;
  if (kind === "config") return configure(request, path.slice(1).map((part) => `/${part}`).join(""), env, gateway);
  const asked = `${request.method} ${kind}`;
  if (asked === "GET status" && path.length === 1) return status(env, gateway);
  if (asked === "POST sources" && action === "rehearse" && path.length === 3) {
    return rehearse(request, id, env, ctx, gateway);
  }
  if (asked === "POST dead-letters" && action === "replay" && path.length === 3) return all(env, gateway, [id]);
  if (asked === "POST replay" && path.length === 1) {
    const ids = await logOf(env).matching(query);
    return typeof ids === "string" ? problem(400, ids) : all(env, gateway, ids);
  }
  if (asked === "DELETE events" && path.length === 2) {
    if (!/^[0-9a-f]{64}$/.test(id)) return problem(404, "There is no such entry.");
    return json(200, { forgotten: await eventsOf(env, id).forget(id) });
  }
  return logOf(env).fetch(request);
}

/** One after the other: each holds its body in memory. */
async function all(env: Env, gateway: Gateway, ids: readonly string[]): Promise<Response> {
  await current(env, gateway);
  const started = Date.now();
  const replayed: Replayed[] = [];
  for (const id of ids) {
    if (Date.now() - started > REPLAY_MS) break;
    replayed.push(await replay(env, gateway, id));
  }
  return json(200, { replayed, left: ids.length - replayed.length });
}
