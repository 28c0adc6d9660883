// Schemas of any number of keywords: objects in objects, each with five members, as a provider with many fields has them.

const MEMBERS = ['id', 'name', 'amount', 'open', 'note'];
const TYPES = [
  [{ type: 'string', minLength: 1 }, 'evt_1'],
  [{ type: 'string', maxLength: 200 }, 'Ada Lovelace'],
  [{ type: 'integer', minimum: 0 }, 12],
  [{ type: 'boolean' }, true],
  [{ type: ['string', 'null'] }, null],
];
/** `type`, `required`, `properties`, and those of the members. */
const EACH = 3 + TYPES.reduce((sum, [schema]) => sum + Object.keys(schema).length, 0);

const part = () => ({
  type: 'object',
  required: ['id'],
  properties: Object.fromEntries(MEMBERS.map((member, index) => [member, TYPES[index][0]])),
});
const value = () => Object.fromEntries(MEMBERS.map((member, index) => [member, TYPES[index][1]]));

/** How many parts one object holds at most, beside its own members. */
const WIDTH = 16;

/** An object of so many parts: itself, and others in it. */
function build(parts, width) {
  const [schema, payload] = [part(), value()];
  let left = parts - 1;
  for (let index = 0; left > 0; index += 1) {
    const share = Math.max(1, Math.ceil(left / (width - index)));
    const inner = build(share, width);
    schema.properties[`part_${index}`] = inner.schema;
    payload[`part_${index}`] = inner.payload;
    left -= share;
  }
  return { schema, payload };
}

/**
 * `text` gives the schema with a comment, always another text; `few` is a payload that the schema of its first object alone
 * judges, `every` one that all of it does.
 */
export function keywords(count) {
  return sample(build(Math.max(1, Math.round(count / EACH)), WIDTH));
}

/** The same for one object that declares so many members. */
export function members(count) {
  const names = Array.from({ length: count }, (_, index) => `member_${index}`);
  const all = (of) => Object.fromEntries(names.map((name, index) => [name, TYPES[index % TYPES.length][of]]));
  return sample({ schema: { type: 'object', required: [names[0]], properties: all(0) }, payload: all(1) });
}

function sample({ schema, payload }) {
  const rest = JSON.stringify(schema).slice(1);
  const few = Object.fromEntries(Object.entries(payload).slice(0, MEMBERS.length));
  const bytes = (value) => new TextEncoder().encode(JSON.stringify(value));
  let made = 0;
  const text = () => `{"$comment":"${'.'.repeat((made += 1) % 400)}${made}",${rest}`;
  return { text, few: bytes(few), every: bytes(payload) };
}
