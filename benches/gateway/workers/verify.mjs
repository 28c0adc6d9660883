// Verification as careful people write it for a Worker: WebCrypto with a key that is imported once, compared by the
// runtime in constant time.

const TOLERANCE = 300;
const text = new TextEncoder();

const utf8 = (secret) => text.encode(secret);
const base64 = (given) => {
  try {
    return Uint8Array.from(atob(given), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
};
const hex = (given) => {
  if (!/^([0-9a-f]{2})+$/.test(given)) return undefined;
  const bytes = new Uint8Array(given.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = parseInt(given.slice(at * 2, at * 2 + 2), 16);
  return bytes;
};

const keys = new Map();
function keyOf(provider, bytes) {
  let key = keys.get(provider);
  if (key === undefined) {
    key = crypto.subtle.importKey('raw', bytes(), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
    keys.set(provider, key);
  }
  return key;
}

const isAuthentic = async (key, signature, content) =>
  signature !== undefined && crypto.subtle.verify('HMAC', await key, signature, content);

const isFresh = (timestamp) =>
  /^\d{1,12}$/.test(timestamp ?? '') && Math.abs(Date.now() / 1000 - Number(timestamp)) <= TOLERANCE;

function joined(prefix, body) {
  const before = text.encode(prefix);
  const all = new Uint8Array(before.length + body.length);
  all.set(before);
  all.set(body, before.length);
  return all;
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const parse = (body) => JSON.parse(decoder.decode(body));

/** Keys sorted, no spaces: what Attendee signs. */
function canonical(value) {
  return JSON.stringify(value, (_, member) =>
    member === null || typeof member !== 'object' || Array.isArray(member)
      ? member
      : Object.fromEntries(Object.keys(member).sort().map((key) => [key, member[key]])),
  );
}

/** By provider: from headers and body to `{ payload, type, id }`, or nothing if the delivery is not genuine. */
export const VERIFIERS = {
  async 'standard-webhooks'(secret, headers, body) {
    const [id, timestamp] = [headers.get('webhook-id'), headers.get('webhook-timestamp')];
    if (!id || !isFresh(timestamp)) return undefined;
    const key = keyOf('standard-webhooks', () => base64(secret.slice('whsec_'.length)));
    const content = joined(`${id}.${timestamp}.`, body);
    for (const one of (headers.get('webhook-signature') ?? '').split(' ')) {
      const [version, signature = ''] = one.split(',');
      if (version === 'v1' && (await isAuthentic(key, base64(signature), content))) {
        const payload = parse(body);
        return { payload, type: payload.type, id };
      }
    }
    return undefined;
  },

  async audian(secret, headers, body) {
    const timestamp = headers.get('x-audian-timestamp');
    if (!isFresh(timestamp)) return undefined;
    const signature = hex(headers.get('x-audian-signature') ?? '');
    if (!(await isAuthentic(keyOf('audian', () => utf8(secret)), signature, joined(`${timestamp}.`, body)))) return undefined;
    const payload = parse(body);
    return { payload, type: payload.event, id: payload.id };
  },

  async attendee(secret, headers, body) {
    const payload = parse(body);
    const signature = base64(headers.get('x-webhook-signature') ?? '');
    const content = text.encode(canonical(payload));
    if (!(await isAuthentic(keyOf('attendee', () => base64(secret)), signature, content))) return undefined;
    return { payload, type: payload.trigger, id: payload.idempotency_key };
  },
};
