// What is measured: pairs of a schema and a payload, and the verdict that everybody must reach.

import { readFileSync } from 'node:fs';
import { workspaceExport } from './generic.mjs';
import * as payloads from './payloads.mjs';

const text = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const schemaOf = (provider, event) => text(`providers/${provider}/events/${event}.schema.json`);
const sampleOf = (provider, event) => JSON.parse(text(`providers/${provider}/samples/${event}.json`));

const SIZES = [
  ['1 KB', 1_000],
  ['4 KB', 4_000],
  ['16 KB', 16_000],
  ['128 KB', 128_000],
  ['1 MB', 1_000_000],
];
const SIXTEEN = [SIZES[2]];
const LARGE = [SIZES[2], SIZES[4]];

const pretty = (value) => JSON.stringify(value, null, 2);
const ascii = (value) => payloads.python(value, true);

/** Every workload: `{ group, title, size, schema, payload, valid }`, with the schema as text. */
export function workloads() {
  const strict = text('benches/schema/transcript.schema.json');
  const generic = text('benches/schema/generic.schema.json');
  const efficlose = sampleOf('efficlose', 'transcript.generated');
  const { efficloseTranscript: transcript } = payloads;
  const all = [];
  const add = (group, title, sizes, schema, grow, { write = JSON.stringify, valid = true } = {}) => {
    for (const [size, bytes] of sizes) {
      const payload = Buffer.from(payloads.lengthened(bytes, grow, write));
      all.push({ group, title, size, schema, payload, valid });
    }
  };

  const published = (provider, title, event) => {
    const sample = sampleOf(provider, event);
    const length = JSON.stringify(sample).length;
    const name = `${title} \`${event}\``;
    add('Small events, as published', name, [[`${length} B`, length]], schemaOf(provider, event), () => sample);
  };
  published('efficlose', 'Efficlose', 'recording.created');
  published('audian', 'Audian', 'call.initiated');
  published('meeting-baas', 'Meeting BaaS', 'bot.status_change');
  published('attendee', 'Attendee', 'bot.state_change');

  const events = 'Events of growing length';
  add(events, 'Meeting BaaS `complete`, built-in schema', SIZES, schemaOf('meeting-baas', 'complete'),
    payloads.meetingBaasTranscript(sampleOf('meeting-baas', 'complete')));
  add(events, 'Attendee `transcript.update`, built-in schema', SIZES, schemaOf('attendee', 'transcript.update'),
    payloads.attendeeUtterance(sampleOf('attendee', 'transcript.update')));
  add(events, 'Efficlose `transcript.generated`, strict schema', SIZES, strict, transcript(efficlose));

  const shapes = 'Other shapes, strict schema';
  add(shapes, 'pretty-printed', LARGE, strict, transcript(efficlose), { write: pretty });
  add(shapes, "Python's spacing", LARGE, strict, transcript(efficlose), { write: payloads.python });
  add(shapes, 'accents', SIXTEEN, strict, transcript(efficlose, 'accents'));
  add(shapes, 'Japanese', LARGE, strict, transcript(efficlose, 'japanese'));
  add(shapes, 'emoji', SIXTEEN, strict, transcript(efficlose, 'emoji'));
  add(shapes, 'escapes', SIXTEEN, strict, transcript(efficlose, 'escapes'));
  add(shapes, '`\\u` escapes', LARGE, strict, transcript(efficlose, 'japanese'), { write: ascii });
  add(shapes, 'prose, long floats', LARGE, strict, payloads.prose(efficlose));
  add(shapes, 'large unknown parts', LARGE, strict, payloads.unknownParts(efficlose));
  add(shapes, 'one giant string', SIXTEEN, strict, payloads.oneString(efficlose));

  add('A large generic schema', 'workspace export', LARGE, generic, workspaceExport);

  const invalid = { valid: false };
  const late = (grow, spoil) => (items) => {
    const event = grow(items);
    spoil(event);
    return event;
  };
  add('Invalid near the end', 'strict schema', SIXTEEN, strict,
    late(transcript(efficlose), (event) => { (event.data.segments.at(-1) ?? {}).confidence = 1.5; }), invalid);
  add('Invalid near the end', 'generic schema', SIXTEEN, generic,
    late(workspaceExport, (event) => { (event.changes.at(-1) ?? {}).sequence = -1; }), invalid);
  return all;
}
