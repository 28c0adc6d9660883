// What people write by hand where they write it well: node:crypto, timingSafeEqual, JSON.parse, ajv compiled ahead.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonical } from './cases.mjs';

const TOLERANCE = 300;

const equal = (one, other) => one.length === other.length && timingSafeEqual(one, other);
const fresh = (timestamp, now) => /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp)) <= TOLERANCE;

/** By provider: a function from headers, body and time to the parsed payload, or to nothing if it is not genuine. */
export const VERIFIERS = {
  'standard-webhooks': (secret, parse) => {
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    return (headers, body, now) => {
      const id = headers['webhook-id'];
      const timestamp = headers['webhook-timestamp'];
      if (!id || !timestamp || !fresh(timestamp, now)) return undefined;
      const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
      for (const one of headers['webhook-signature'].split(' ')) {
        const [version, signature] = one.split(',');
        if (version === 'v1' && equal(mac, Buffer.from(signature, 'base64'))) return parse(body);
      }
      return undefined;
    };
  },
  stripe: (secret, parse) => (headers, body, now) => {
    let timestamp;
    const signatures = [];
    for (const part of headers['stripe-signature'].split(',')) {
      const [label, value] = part.split('=');
      if (label === 't') timestamp = value;
      if (label === 'v1') signatures.push(value);
    }
    if (!timestamp || !fresh(timestamp, now)) return undefined;
    const mac = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
    return signatures.some((one) => equal(mac, Buffer.from(one, 'hex'))) ? parse(body) : undefined;
  },
  github: (secret, parse) => (headers, body) => {
    const signature = headers['x-hub-signature-256'];
    if (!signature?.startsWith('sha256=')) return undefined;
    const mac = createHmac('sha256', secret).update(body).digest();
    return equal(mac, Buffer.from(signature.slice(7), 'hex')) ? parse(body) : undefined;
  },
  attendee: (secret, parse) => {
    const key = Buffer.from(secret, 'base64');
    return (headers, body) => {
      const payload = parse(body);
      const mac = createHmac('sha256', key).update(canonical(payload)).digest();
      return equal(mac, Buffer.from(headers['x-webhook-signature'], 'base64')) ? payload : undefined;
    };
  },
  audian: (secret, parse) => (headers, body, now) => {
    const timestamp = headers['x-audian-timestamp'];
    if (!timestamp || !fresh(timestamp, now)) return undefined;
    const mac = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
    return equal(mac, Buffer.from(headers['x-audian-signature'], 'hex')) ? parse(body) : undefined;
  },
};

/** By provider: the event's type and id. */
export const FIELDS = {
  'standard-webhooks': (payload, headers) => [payload.type, headers['webhook-id']],
  stripe: (payload) => [payload.type, payload.id],
  github: (_, headers) => [headers['x-github-event'], headers['x-github-delivery']],
  attendee: (payload) => [payload.trigger, payload.idempotency_key],
  audian: (payload) => [payload.event, payload.id],
};
