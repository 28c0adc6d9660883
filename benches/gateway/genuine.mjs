// Before anything is timed: who is measured does what it is measured for.

import { SOURCES } from './contenders.mjs';

const ASKED = ['a genuine delivery', 'a forged one', 'one that breaks the schema'];

/** Throws unless a contender takes what is genuine and refuses, with the right status, what is not. */
export async function check({ name, refuses = false, runtime }, source) {
  const one = SOURCES[source];
  const now = Math.floor(Date.now() / 1000);
  const event = one.event(1);
  const good = JSON.stringify(event);
  // A value that a schema does not look at, in a body of the same length: only the signature can tell.
  const forged = good.replace('Ada', 'Eve');
  if (forged === good) throw new Error('the sample has changed: nothing is forged');
  const invalid = JSON.stringify({ ...event, data: 1 });
  const sent = [
    [good, one.sign(Buffer.from(good), now, `msg_check_1`)],
    [forged, one.sign(Buffer.from(good), now, `msg_check_2`)],
    [invalid, one.sign(Buffer.from(invalid), now, `msg_check_3`)],
  ];
  const expected = refuses ? [200, 401, 422] : [200, 200, 200];
  for (const [index, [body, headers]] of sent.entries()) {
    const all = { 'content-type': 'application/json', ...headers };
    const url = `http://127.0.0.1:${runtime.port}/${source}`;
    const answer = await fetch(url, { method: 'POST', headers: all, body });
    const text = await answer.text();
    if (answer.status !== expected[index]) {
      throw new Error(`${name}, ${source}: ${ASKED[index]} was answered ${answer.status} ${text}`);
    }
  }
}
