// Payloads of any length: events whose meeting went on, in plain words and in harder ones.

const SENTENCES = [
  'Let us go through the open points from last week first.',
  'I think the pricing page needs another look before Thursday.',
  'Yes.',
  'Can you share your screen? I cannot see the second chart yet.',
  'The customer asked whether the export keeps the speaker names, and I said that it does.',
  'Right, so we ship on Monday and watch the error rate for a day.',
  'Okay, thank you.',
  'What would it take to move the database to the other region before the end of the quarter?',
];

const WORDS = {
  plain: SENTENCES,
  accents: SENTENCES.map((text) => text.replaceAll('e', 'é').replaceAll('a', 'à')),
  japanese: ['それでは始めましょう。', '先週の未解決の点を確認します。', 'はい。', '画面を共有していただけますか。'],
  emoji: ['Great 🎉🎉', 'Done ✅ see you 👋', '👍', 'We shipped 🚀 and nobody noticed 😄'],
  // As they are before JSON escapes them.
  escapes: ['She said: "not yet".\nThen nothing.', 'C:\\temp\\notes\tand "more"\n', '"Yes"\r\n', 'a "quote", a \\ b'],
};
const PROSE = SENTENCES.concat(SENTENCES, SENTENCES).join(' ');

/** An endless list of sentences, the same in every run. */
const sentence = (words, index) => words[(index * 7 + 3) % words.length];
const speaker = (index) => ['Ada Lovelace', 'Grace Hopper', 'Alan Turing'][(index * 5) % 3];
const seconds = (index) => Math.round(index * 2713.7) / 1000;

/** The shortest object that `grow` can make with the text at least `bytes` long, as a string. */
export function lengthened(bytes, grow, write = JSON.stringify) {
  const length = (items) => Buffer.byteLength(write(grow(items)));
  if (length(1) >= bytes) return write(grow(length(0) >= bytes ? 0 : 1));
  const [few, many] = [length(1), length(65)];
  const toGo = (items) => Math.trunc(((bytes - length(items)) * 64) / (many - few));
  let items = Math.max(1, Math.floor(((bytes - few) * 64) / (many - few)));
  // Later items are longer, by the digits of their numbers: near first, then one by one.
  for (let turn = 0, step = 1; turn < 10 && step !== 0; turn += 1) {
    step = toGo(items);
    items = Math.max(1, items + step);
  }
  while (length(items) > bytes && items > 1) items -= 1;
  while (length(items) < bytes) items += 1;
  return write(grow(items));
}

/** The `transcription` of one long Attendee utterance; `words` are those of its speech recogniser. */
export function attendeeUtterance(sample) {
  return (items) => {
    const event = structuredClone(sample);
    const list = Array.from({ length: items }, (_, index) => ({
      word: sentence(SENTENCES, index).split(' ')[0],
      start: seconds(index),
      end: seconds(index + 1),
      confidence: 0.93,
    }));
    const transcript = list.map((item) => item.word).join(' ') || sample.data.transcription.transcript;
    event.data.transcription = items ? { transcript, words: list } : { transcript };
    return event;
  };
}

/** Meeting BaaS delivers the whole meeting in one event: utterances, each with its words and their times. */
export function meetingBaasTranscript(sample) {
  return (items) => {
    const event = structuredClone(sample);
    event.data.transcript = Array.from({ length: items }, (_, index) => ({
      speaker: speaker(index),
      offset: seconds(index),
      start_time: seconds(index),
      end_time: seconds(index + 1),
      words: sentence(SENTENCES, index)
        .split(' ')
        .map((word, at) => ({ start: seconds(index + at / 10), end: seconds(index + (at + 1) / 10), word })),
    }));
    return event;
  };
}

/** A transcript as Efficlose's customers describe it to themselves: the provider leaves `data` open. */
export function efficloseTranscript(sample, words = 'plain') {
  return (items) => ({
    ...sample,
    data: {
      meetingId: 'mtg_01HTX7',
      language: 'en',
      segments: segments(items, words),
    },
  });
}

/** What was said, one after the other. */
export function segments(items, words = 'plain') {
  return Array.from({ length: items }, (_, index) => ({
    id: index + 1,
    speaker: speaker(index),
    startTime: seconds(index),
    endTime: seconds(index + 1),
    text: sentence(WORDS[words], index),
    confidence: 0.9 + (index % 10) / 100,
    sentiment: ['positive', 'neutral', 'negative'][index % 3],
    isFinal: true,
  }));
}

/** Long texts and floats with all their digits. */
export function prose(sample) {
  return (items) => {
    const event = efficloseTranscript(sample)(items);
    for (const [index, segment] of event.data.segments.entries()) {
      segment.text = PROSE;
      segment.confidence = 0.123456789012345 + (index % 100) / 128;
      segment.startTime = index * 12.345678901234;
      segment.endTime = (index + 1) * 12.345678901234;
    }
    return event;
  };
}

/** Subtrees that the schema says nothing about, which have to be read all the same. */
export function unknownParts(sample) {
  return (items) => {
    const event = efficloseTranscript(sample)(1);
    event.data.diagnostics = Array.from({ length: items }, (_, index) => ({
      node: `eu-${index}`,
      samples: [index, index + 0.5, -index],
      nested: { ok: true, trace: [{ span: `s${index}`, parent: null }], note: sentence(SENTENCES, index) },
    }));
    return event;
  };
}

/** One string that is nearly everything. */
export function oneString(sample) {
  return (items) => {
    const event = efficloseTranscript(sample)(1);
    event.data.segments[0].text = Array.from({ length: items }, (_, index) => sentence(SENTENCES, index)).join(' ');
    return event;
  };
}

/** Python's `json.dumps` with its default separators; `ascii` escapes everything else as it does too. */
export function python(value, ascii = false) {
  const text = spaced(value);
  const escape = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return ascii ? text.replace(/[\u0080-\uffff]/g, escape) : text;
}

function spaced(value) {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`);
  return `{${members.join(', ')}}`;
}
