// An Express server of one contender, in a process of its own. Tells its port to its parent.

import Ajv from 'ajv/dist/2020.js';
import express from 'express';
import { createVerifier } from '../../pkg/dist/index.js';
import { webhook } from '../../pkg/dist/express.js';
import { CASES } from '../library/cases.mjs';
import { FIELDS, VERIFIERS } from '../library/handwritten.mjs';

const LIMIT = 4 * 1024 * 1024;

const hookwarden = ({ provider, scheme, secret, schema }) => {
  const verifier = createVerifier(provider, { secret, scheme, schemas: { '*': schema }, schema: 'enforce' });
  return webhook(verifier, { maxBodyBytes: LIMIT });
};

/** What people write who do it well: the raw body, node:crypto, `JSON.parse`, ajv compiled when the server starts. */
function handwritten({ provider, secret, schema }) {
  const verify = VERIFIERS[provider](secret, (bytes) => JSON.parse(bytes));
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  return (request, response, next) => {
    const payload = verify(request.headers, request.body, Math.floor(Date.now() / 1000));
    if (payload === undefined) return response.sendStatus(401);
    if (!validate(payload)) return response.sendStatus(422);
    const [type, id] = FIELDS[provider](payload, request.headers);
    request.event = { type, id, payload };
    next();
  };
}

const raw = express.raw({ type: () => true, limit: LIMIT });
const answer = (has) => (request, response) => response.sendStatus(has(request) ? 200 : 500);

/** By name: what stands before the handler, and whether the handler finds what it needs. */
const CONTENDERS = {
  Hookwarden: [(one) => [hookwarden(one)], ({ webhook }) => webhook.event.type !== ''],
  'Hookwarden, payload read': [(one) => [hookwarden(one)], ({ body }) => body !== undefined],
  'by hand': [(one) => [raw, handwritten(one)], ({ event }) => event.payload !== undefined],
  'nothing but the body': [() => [raw], ({ body }) => body.length > 0],
};

const [before, has] = CONTENDERS[process.argv[2]];
const app = express();
for (const one of CASES) app.post(`/${one.provider}`, ...before(one), answer(has));
const server = app.listen(0, '127.0.0.1', () => process.send(server.address().port));
server.keepAliveTimeout = 60_000;
process.once('disconnect', () => process.exit());
