// LZ4's block format, as small as it gets: decompressing it takes 250 bytes of WebAssembly (pkg/src/unpack.wat) and a third
// of the time that deflated text takes in a process that has just begun. No LZ4 package on npm has its slow, thorough mode.
// Format: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md

const SHORTEST = 4;
const FARTHEST = 65_535;
/** The format's end: the last five bytes are literals, and no match begins in the last twelve. */
const LAST_LITERALS = 5;
const NO_MATCH_BEGINS = 12;
/** How many earlier places with the same four bytes are compared. */
const CANDIDATES = 512;

/** @param {Uint8Array} bytes @returns {Uint8Array} */
export function compress(bytes) {
  const matches = longestMatches(bytes);
  const steps = cheapestSteps(bytes.length, matches);
  const out = [];
  let literals = 0;
  for (let at = 0; at < bytes.length; at += steps[at]) {
    if (steps[at] === 1) continue;
    sequence(out, bytes.subarray(literals, at), { length: steps[at], offset: matches[at].offset });
    literals = at + steps[at];
  }
  sequence(out, bytes.subarray(literals));
  return Uint8Array.from(out);
}

/** For every place the longest earlier text that goes on like it. */
function longestMatches(bytes) {
  const matches = new Array(bytes.length);
  const latest = new Map();
  const before = new Int32Array(bytes.length).fill(-1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + NO_MATCH_BEGINS <= bytes.length; at += 1) {
    const word = view.getUint32(at);
    before[at] = latest.get(word) ?? -1;
    latest.set(word, at);
    let best = { length: 0, offset: 0 };
    let left = CANDIDATES;
    for (let from = before[at]; from >= 0 && at - from <= FARTHEST && left > 0; from = before[from], left -= 1) {
      let length = SHORTEST;
      while (at + length < bytes.length - LAST_LITERALS && bytes[from + length] === bytes[at + length]) length += 1;
      if (length > best.length) best = { length, offset: at - from };
    }
    matches[at] = best;
  }
  return matches;
}

/** For every place how many bytes the next step covers: one as a literal, more as a match. Decided from the end. */
function cheapestSteps(size, matches) {
  const steps = new Uint32Array(size).fill(1);
  const cost = new Float64Array(size + 1);
  for (let at = size - 1; at >= 0; at -= 1) {
    cost[at] = cost[at + 1] + 1;
    const longest = matches[at]?.length ?? 0;
    for (let length = SHORTEST; length <= longest; length += 1) {
      const total = cost[at + length] + 3 + (length >= 19 ? 1 + Math.floor((length - 19) / 255) : 0);
      if (total <= cost[at]) [cost[at], steps[at]] = [total, length];
    }
  }
  return steps;
}

function sequence(out, literals, match) {
  const more = match === undefined ? 0 : match.length - SHORTEST;
  out.push((Math.min(literals.length, 15) << 4) | Math.min(more, 15));
  longer(out, literals.length);
  for (const byte of literals) out.push(byte);
  if (match === undefined) return;
  out.push(match.offset & 255, match.offset >> 8);
  longer(out, more);
}

function longer(out, length) {
  if (length < 15) return;
  let rest = length - 15;
  for (; rest >= 255; rest -= 255) out.push(255);
  out.push(rest);
}
