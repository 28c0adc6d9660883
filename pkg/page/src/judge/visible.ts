// Bytes as text in which nothing is invisible.

export interface Piece {
  readonly text: string;
  /** What a mark stands for, in words; `undefined` for plain text. */
  readonly mark?: string;
}

const NAMES: ReadonlyMap<number, [string, string]> = new Map([
  [0x00, ["NUL", "null byte"]],
  [0x09, ["→", "tab"]],
  [0x0a, ["↵", "line feed"]],
  [0x0d, ["CR", "carriage return"]],
  [0x20, ["·", "space at a line's end"]],
  [0x7f, ["DEL", "delete"]],
  [0xa0, ["NBSP", "no-break space"]],
  [0xad, ["SHY", "soft hyphen"]],
  [0x200b, ["ZWSP", "zero-width space"]],
  [0x200c, ["ZWNJ", "zero-width non-joiner"]],
  [0x200d, ["ZWJ", "zero-width joiner"]],
  [0x200e, ["LRM", "left-to-right mark"]],
  [0x200f, ["RLM", "right-to-left mark"]],
  [0xfeff, ["BOM", "byte order mark"]],
  [0xfffd, ["U+FFFD", "replacement character: bytes were lost here"]],
]);

// Control characters, spaces that are none, direction marks, tags and variation selectors.
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00a0\u00ad\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\ufff9-\ufffd\u{e0000}-\u{e0fff}]| (?=[\r\n]|$)/gu;

/** A text with a piece for each character that would not be seen. A line feed also breaks the line. */
export function visible(text: string): Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const found of text.matchAll(HIDDEN)) {
    if (found.index > last) pieces.push({ text: text.slice(last, found.index) });
    const point = found[0].codePointAt(0) as number;
    const code = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
    const [short, name] = NAMES.get(point) ?? [code, "invisible character"];
    pieces.push({ text: short, mark: `${name} (${code})` });
    if (point === 0x0a) pieces.push({ text: "\n" });
    last = found.index + found[0].length;
  }
  if (last < text.length) pieces.push({ text: text.slice(last) });
  return pieces;
}

/** The same for bytes: each that is no UTF-8 is a piece of its own. */
export function visibleBytes(bytes: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let start = 0;
  const flush = (end: number) => {
    if (end > start)
      pieces.push(...visible(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(start, end))));
  };
  while (at < bytes.length) {
    const length = sequenceAt(bytes, at);
    if (length === 0) {
      flush(at);
      const hex = (bytes[at] as number).toString(16).toUpperCase().padStart(2, "0");
      pieces.push({ text: `\\x${hex}`, mark: "a byte that is no UTF-8" });
      start = at + 1;
    }
    at += Math.max(length, 1);
  }
  flush(at);
  return pieces;
}

/** How many bytes the character takes that begins here; 0 where none does. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(at, at + length));
    return length > 0 && at + length <= bytes.length ? length : 0;
  } catch {
    return 0;
  }
}

/** The beginning and the end of what is too long to be shown, with the number of bytes between them. */
export function shortened(bytes: Uint8Array, most: number): [Uint8Array, number, Uint8Array] {
  if (bytes.length <= most) return [bytes, 0, bytes.subarray(bytes.length)];
  const isInside = (at: number) => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  let [head, tail] = [Math.floor(most * 0.8), bytes.length - Math.floor(most * 0.2)];
  // Not in the middle of a character.
  while (head > 0 && isInside(head)) head -= 1;
  while (tail < bytes.length && isInside(tail)) tail += 1;
  return [bytes.subarray(0, head), tail - head, bytes.subarray(tail)];
}
