// The same with Hono.

import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isValid } from 'validators';
import { VERIFIERS } from './verify.mjs';

const app = new Hono();

app.use(async (c, next) => {
  const started = Date.now();
  await next();
  const [source, event] = [c.req.param('source'), c.get('event')];
  const log = { source, event_type: event?.type, event_id: event?.id, status: c.res.status, ms: Date.now() - started };
  console.log(JSON.stringify(log));
});

app.post('/:source', bodyLimit({ maxSize: 1_048_576 }), async (c) => {
  const source = c.req.param('source');
  if (!Object.hasOwn(VERIFIERS, source)) return c.body(null, 404);
  const body = new Uint8Array(await c.req.arrayBuffer());
  let event;
  try {
    event = await VERIFIERS[source](c.env.SECRETS[source], c.req.raw.headers, body);
  } catch {
    return c.body(null, 400);
  }
  if (event === undefined) return c.body(null, 401);
  c.set('event', event);
  if (!isValid(source, event.payload)) return c.body(null, 422);
  const headers = new Headers(c.req.raw.headers);
  headers.set('x-event-type', event.type);
  headers.set('x-event-id', event.id);
  try {
    const signal = AbortSignal.timeout(10_000);
    return await fetch(c.env.ORIGIN, { method: 'POST', headers, body, redirect: 'manual', signal });
  } catch {
    return c.body(null, 502);
  }
});

export default app;
