// What is measured: deliveries of some providers, growing with what they tell. Signed with node:crypto alone.

import { createHmac } from 'node:crypto';
import { lengthened, oneString, prose, python, segments, unknownParts } from '../schema/payloads.mjs';

export const SIZES = [
  ['0.2 KB', 200],
  ['1 KB', 1_000],
  ['4 KB', 4_000],
  ['16 KB', 16_000],
  ['128 KB', 128_000],
  ['1 MB', 1_000_000],
];
const TIME = '2023-11-14T22:13:20Z';

const hmac = (key, ...parts) => parts.reduce((mac, part) => mac.update(part), createHmac('sha256', key));

const SEGMENTS = {
  type: 'array',
  items: {
    type: 'object',
    required: ['id', 'speaker', 'startTime', 'endTime', 'text', 'confidence', 'sentiment', 'isFinal'],
    additionalProperties: false,
    properties: {
      id: { type: 'integer', minimum: 1 },
      speaker: { type: 'string', minLength: 1 },
      startTime: { type: 'number', minimum: 0 },
      endTime: { type: 'number', minimum: 0 },
      text: { type: 'string' },
      confidence: { type: 'number', minimum: 0, maximum: 1 },
      sentiment: { enum: ['positive', 'neutral', 'negative'] },
      isFinal: { type: 'boolean' },
    },
  },
};
const DATA = {
  type: 'object',
  required: ['meetingId', 'segments'],
  properties: { meetingId: { type: 'string' }, language: { type: 'string' }, segments: SEGMENTS },
};

/** A schema for the envelope, strict where the event is. */
const envelope = (properties) => ({ type: 'object', required: Object.keys(properties), properties });
const word = { type: 'string', minLength: 1 };

const data = (items, words) => ({ meetingId: 'mtg_01HTX7', language: 'en', segments: segments(items, words) });

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const KEY = Buffer.from(SECRET.slice(6), 'base64');

/**
 * `{ title, provider, scheme?, secret, event, schema, sign, fields }`: `fields` says where the event's type and id are, as
 * hand-written code would read them.
 */
export const CASES = [
  {
    title: 'Standard Webhooks',
    provider: 'standard-webhooks',
    scheme: 'hmac',
    secret: SECRET,
    event: (items) => ({ type: 'transcript.ready', timestamp: TIME, data: data(items) }),
    schema: envelope({ type: word, timestamp: word, data: DATA }),
    sign: (body, now, id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W') => ({
      'webhook-id': id,
      'webhook-timestamp': String(now),
      'webhook-signature': `v1,${hmac(KEY, `${id}.${now}.`, body).digest('base64')}`,
    }),
  },
  {
    title: 'Stripe',
    provider: 'stripe',
    secret: SECRET,
    event: (items) => ({ id: 'evt_1', object: 'event', type: 'transcript.ready', created: 1_700_000_000, data: { object: data(items) } }),
    schema: envelope({ id: word, type: word, created: { type: 'integer' }, data: envelope({ object: DATA }) }),
    sign: (body, now) => ({ 'stripe-signature': `t=${now},v1=${hmac(SECRET, `${now}.`, body).digest('hex')}` }),
  },
  {
    title: 'GitHub',
    provider: 'github',
    scheme: 'hmac-sha256',
    secret: SECRET,
    event: (items) => ({ action: 'created', data: data(items) }),
    schema: envelope({ action: word, data: DATA }),
    sign: (body) => ({
      'x-github-event': 'issues',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': `sha256=${hmac(SECRET, body).digest('hex')}`,
    }),
  },
  {
    title: 'Attendee',
    provider: 'attendee',
    secret: KEY.toString('base64'),
    event: (items) => ({ idempotency_key: 'k-1', bot_id: 'bot_1', trigger: 'transcript.update', data: data(items) }),
    schema: envelope({ idempotency_key: word, bot_id: word, trigger: word, data: DATA }),
    sign: (body) => ({ 'x-webhook-signature': hmac(KEY, canonical(JSON.parse(body))).digest('base64') }),
  },
  {
    title: 'Audian',
    provider: 'audian',
    secret: SECRET,
    event: (items) => ({ id: 'evt_1', event: 'transcript.ready', timestamp: TIME, data: data(items) }),
    schema: envelope({ id: word, event: word, timestamp: word, data: DATA }),
    sign: (body, now) => ({
      'x-audian-timestamp': String(now),
      'x-audian-signature': hmac(SECRET, `${now}.`, body).digest('hex'),
    }),
  },
];

const AUDIAN = CASES.find(({ provider }) => provider === 'audian');
const worded = (words) => (items) => ({ ...AUDIAN.event(0), data: data(items, words) });

/** The same event in other hands: `[name, { event?, write? }]`. */
export const SHAPES = [
  ['as JSON.stringify writes', {}],
  ['as Python writes', { write: (value) => python(value) }],
  ['pretty-printed', { write: (value) => JSON.stringify(value, undefined, 2) }],
  ['accents', { event: worded('accents') }],
  ['Japanese', { event: worded('japanese') }],
  ['Japanese as `\\u` escapes', { event: worded('japanese'), write: (value) => python(value, true) }],
  ['emoji', { event: worded('emoji') }],
  ['quotes and line breaks', { event: worded('escapes') }],
  ['prose, long floats', { event: prose(AUDIAN.event(0)) }],
  ['large unknown parts', { event: unknownParts(AUDIAN.event(0)) }],
  ['one giant string', { event: oneString(AUDIAN.event(0)) }],
].map(([shape, other]) => ({ ...AUDIAN, ...other, shape }));

/** Keys sorted, no spaces: what Attendee signs, for values that JavaScript writes as Python does. */
export function canonical(value) {
  return JSON.stringify(value, (_, member) =>
    member === null || typeof member !== 'object' || Array.isArray(member)
      ? member
      : Object.fromEntries(Object.keys(member).sort().map((key) => [key, member[key]])),
  );
}

/** A case as it was delivered just now: some libraries compare with the clock and cannot be told another time. */
export function deliver(one, bytes) {
  const now = Math.floor(Date.now() / 1000);
  const body = Buffer.from(lengthened(bytes, one.event, one.write));
  return { ...one, body: new Uint8Array(body), headers: one.sign(body, now), now };
}
