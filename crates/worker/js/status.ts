// What `hookwarden doctor` asks: whether what the gateway is bound to answers, which sources there are, and what becomes
// of a delivery that goes no further than its verdict.

import type { Gateway } from "./gateway.js";
import { json, problem } from "./answer.js";
import { current, inVariable, judge, revisionInForce, type Settings } from "./document.js";
import { eventsOf, logOf, type Env } from "./env.js";

/** What does not answer within counts as failing. */
const PATIENCE_MS = 3_000;

/** How each binding is asked whether it is there; `undefined` where that takes a write. */
const ASK: Readonly<Record<string, ((env: Env) => unknown) | undefined>> = {
  DEDUPE: ({ DEDUPE }) => DEDUPE?.get("doctor"),
  EVENTS: (env) => eventsOf(env, "00").tally(),
  LOG: (env) => logOf(env).tally(),
  CONFIG: ({ CONFIG }) => CONFIG?.get("doctor"),
  SCHEMAS: ({ SCHEMAS }) => SCHEMAS?.get("doctor"),
  QUEUE: undefined,
  FAILURES: undefined,
  DELIVERIES: undefined,
  ANALYTICS: undefined,
};

export async function status(env: Env, gateway: Gateway): Promise<Response> {
  await current(env, gateway);
  const asked = Object.entries(ASK).map(async ([name, ask]) => [name, await stateOf(env, name, ask)] as const);
  const [states, document] = await Promise.all([Promise.all(asked), logOf(env).document()]);
  const { revision, sources } = contentOf(document?.text);
  const all = { ...sources, ...inVariable(env) };
  // By the reader itself: what it has against each of them.
  const problems = judge(JSON.stringify({ format: 1, revision: 1, sources: all }), false, env, gateway);
  return json(200, {
    time: Date.now(),
    prefix: (env.PREFIX ?? "").replace(/\/+$/, ""),
    bindings: Object.fromEntries(states),
    document: document === undefined ? null : { revision, in_force: revisionInForce() },
    sources: Object.entries(all).map(([name, settings]) => {
      const { provider, scheme, definition, url, store, delivery, dedupe } = settings;
      const wrong = problems.filter(([place]) => place === `/sources/${name}` || place.startsWith(`/sources/${name}/`));
      return { name, provider, scheme, definition, url, store, delivery, dedupe, problems: wrong };
    }),
  });
}

async function stateOf(env: Env, name: string, ask: ((env: Env) => unknown) | undefined): Promise<string> {
  if (env[name as keyof Env] === undefined) return "absent";
  if (ask === undefined) return "bound";
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS));
  return Promise.race([late, ask(env)]).then(
    () => "answers",
    () => "failing",
  );
}

function contentOf(text: string | undefined): { revision: number | null; sources: Record<string, Settings> } {
  try {
    const { revision, sources } = JSON.parse(text ?? "{}") as { revision?: number; sources?: Record<string, Settings> };
    return { revision: revision ?? null, sources: sources ?? {} };
  } catch {
    return { revision: null, sources: {} };
  }
}

interface Rehearsed {
  readonly method: string;
  readonly headers: [string, string][];
  readonly body_base64: string;
}

/** A delivery up to its verdict. It comes in JSON, so that no header of it meets one of the API's. */
export async function rehearse(
  request: Request,
  name: string,
  env: Env,
  ctx: ExecutionContext,
  gateway: Gateway,
): Promise<Response> {
  await current(env, gateway);
  let delivery: Request;
  try {
    const { method, headers, body_base64: text } = (await request.json()) as Rehearsed;
    const body = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const url = new URL(`${(env.PREFIX ?? "").replace(/\/+$/, "")}/${name}`, request.url);
    delivery = new Request(url, { method, headers, ...(body.length > 0 && { body }) });
  } catch {
    return problem(400, "The body must be JSON with method, headers and body_base64.");
  }
  const answer = await gateway.rehearse(delivery, env, ctx);
  return answer.ok ? json(200, await answer.json()) : answer;
}
