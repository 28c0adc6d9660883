// Who is measured: each turns a case into a function that judges one delivery, and throws where it should not.

import Ajv from 'ajv/dist/2020.js';
import { verify as octokit } from '@octokit/webhooks-methods';
import { Webhook as Standard } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as Svix } from 'svix';
import { fastestDecoder } from '../schema/contenders.mjs';
import { FIELDS, VERIFIERS } from './handwritten.mjs';

const refused = (who) => new Error(`${who} refused a genuine delivery`);

/** Signature, time, schema, event type and id; `wanted` says whether the handler gets the parsed payload, too. */
function hookwarden({ createVerifier }, { provider, scheme, secret, schema, headers, body, now }, wanted) {
  const verifier = createVerifier(provider, { secret, scheme, schemas: { '*': schema }, now });
  return () => {
    const verdict = verifier.verify(headers, body);
    const { code, event } = verdict;
    // Looking at the payload is what parses it.
    if (code !== null || event.type === '' || (wanted && verdict.payload === undefined)) throw refused('Hookwarden');
  };
}

function handwritten({ provider, secret, schema, headers, body, now }) {
  const { decode } = fastestDecoder(body);
  const verify = VERIFIERS[provider](secret, (bytes) => JSON.parse(decode(bytes)));
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  return () => {
    const payload = verify(headers, body, now);
    if (payload === undefined || !validate(payload)) throw refused('the hand-written stack');
    const [type] = FIELDS[provider](payload, headers);
    if (type === '') throw refused('the hand-written stack');
  };
}

/** The providers' and the field's own libraries: signature, time and `JSON.parse`; a schema is not their business. */
const LIBRARIES = {
  'standard-webhooks': ({ secret, headers, body }) => {
    const buffer = Buffer.from(body);
    const [standard, svix] = [new Standard(secret), new Svix(secret)];
    return [
      { name: 'standardwebhooks', run: () => standard.verify(buffer, headers) },
      { name: 'svix', run: () => svix.verify(buffer, headers) },
    ];
  },
  stripe: ({ secret, headers, body, now }) => {
    const { webhooks } = new Stripe('sk_test_none');
    const buffer = Buffer.from(body);
    const run = () => webhooks.constructEvent(buffer, headers['stripe-signature'], secret, 300, undefined, now * 1000);
    return [{ name: 'stripe', run }];
  },
  github: ({ secret, headers, body }) => {
    const text = Buffer.from(body).toString();
    const run = async () => {
      if (!(await octokit(secret, text, headers['x-hub-signature-256']))) throw refused('octokit');
      JSON.parse(text);
    };
    return [{ name: 'octokit', run }];
  },
};

export function contenders(library, delivery) {
  return [
    { name: 'Hookwarden', run: hookwarden(library, delivery, false) },
    { name: 'Hookwarden, payload taken', run: hookwarden(library, delivery, true) },
    { name: 'hand-written', run: handwritten(delivery) },
    ...(LIBRARIES[delivery.provider]?.(delivery) ?? []),
  ];
}
