// A gateway by hand: verifies, parses, validates, relays, and says in a line what it did. `validators` is cfworker.mjs, or
// what ajv has compiled.

import { isValid } from 'validators';
import { VERIFIERS } from './verify.mjs';

const MOST_BYTES = 1_048_576;

export default {
  async fetch(request, env, context) {
    const started = Date.now();
    const source = new URL(request.url).pathname.slice(1);
    if (request.method !== 'POST') return new Response(null, { status: 405 });
    if (!Object.hasOwn(VERIFIERS, source)) return new Response(null, { status: 404 });
    if (Number(request.headers.get('content-length')) > MOST_BYTES) return new Response(null, { status: 413 });
    const body = new Uint8Array(await request.arrayBuffer());
    const { status, event, answer } = await handle(source, request, body, env, context);
    const log = { source, event_type: event?.type, event_id: event?.id, status, ms: Date.now() - started };
    console.log(JSON.stringify(log));
    return answer ?? new Response(null, { status });
  },
};

async function handle(source, request, body, env, context) {
  let event;
  try {
    event = await VERIFIERS[source](env.SECRETS[source], request.headers, body);
  } catch {
    return { status: 400 };
  }
  if (event === undefined) return { status: 401 };
  if (!isValid(source, event.payload)) return { status: 422, event };
  const key = `event/${source}/${event.id}`;
  if (env.DEDUPE !== undefined && (await env.DEDUPE.get(key)) !== null) return { status: 200, event };
  const headers = new Headers(request.headers);
  headers.set('x-event-type', event.type);
  headers.set('x-event-id', event.id);
  try {
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(env.ORIGIN, { method: 'POST', headers, body, redirect: 'manual', signal });
    if (answer.ok && env.DEDUPE !== undefined) {
      context.waitUntil(env.DEDUPE.put(key, String(answer.status), { expirationTtl: 600 }));
    }
    return { status: answer.status, event, answer };
  } catch {
    return { status: 502, event };
  }
}
