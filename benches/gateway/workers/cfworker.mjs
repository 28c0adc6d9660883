// Schemas as @cfworker/json-schema interprets them.

import { Validator } from '@cfworker/json-schema';
import schemas from 'schemas';

const entries = Object.entries(schemas);
const validators = new Map(entries.map(([source, schema]) => [source, new Validator(schema, '2020-12', true)]));

export const isValid = (source, payload) => validators.get(source).validate(payload).valid;
