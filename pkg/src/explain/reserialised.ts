// A body that was parsed and written again, on one side or the other.

import { textOf, withBody, type Trial } from "./delivery.js";
import type { Change, Hypothesis } from "./hypothesis.js";
import { isIndex, leavesOf, objectsOf, readJson, writeJson, type JsonNode, type Member, type Style } from "./json.js";

/** One way in which writers of JSON differ. `words` complete "the same JSON, written with …". */
interface Way<T> {
  readonly words: string;
  readonly is: T;
}

type Layout = Pick<Style, "comma" | "colon" | "indent">;

const LAYOUTS: readonly Way<Layout>[] = [
  { words: "", is: { comma: ",", colon: ":", indent: undefined } },
  {
    words: "a space after each comma and colon, as Python's json.dumps",
    is: { comma: ", ", colon: ": ", indent: undefined },
  },
  { words: "indentation by 2 spaces", is: { comma: ",", colon: ": ", indent: "  " } },
  { words: "indentation by 4 spaces", is: { comma: ",", colon: ": ", indent: "    " } },
  { words: "indentation by tabs", is: { comma: ",", colon: ": ", indent: "\t" } },
];

const unicode = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
const capital = (char: string) => `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
const plain = (text: string) => JSON.stringify(JSON.parse(text));

const ESCAPES: readonly Way<Style["string"]>[] = [
  { words: "", is: (text) => text },
  { words: "no more escapes than JSON.stringify writes", is: plain },
  {
    words: "characters beyond ASCII escaped, as Python's json.dumps",
    is: (text) => plain(text).replace(/[^\0-\x7f]/g, unicode),
  },
  {
    words: "characters beyond ASCII and the slash escaped, as PHP's json_encode",
    is: (text) =>
      plain(text)
        .replace(/[^\0-\x7f]/g, unicode)
        .replace(/\//g, "\\/"),
  },
  { words: "the slash escaped", is: (text) => plain(text).replace(/\//g, "\\/") },
  {
    words: "`<`, `>` and `&` escaped, as Go and Rails",
    is: (text) => plain(text).replace(/[<>&\u2028\u2029]/g, unicode),
  },
  {
    words: "characters beyond ASCII and those of HTML escaped in capitals, as .NET",
    is: (text) => {
      return `"${plain(text)
        .slice(1, -1)
        .replace(/\\"/g, "\\u0022")
        .replace(/[^\0-\x7e]|[<>&'+`]/g, capital)}"`;
    },
  },
];

/** As the core's canonical form has it: by code point. */
const sorted: Style["members"] = (members) =>
  [...members].sort((a, b) => compare(JSON.parse(a.key), JSON.parse(b.key)));

function compare(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const difference = (left[at]?.codePointAt(0) as number) - (right[at]?.codePointAt(0) as number);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

const isWhole = (text: string) => /^-?\d+$/.test(text);
const float = (text: string) => (isWhole(text) ? `${text}.0` : text);

/** How many sets of keys are tried for their numbers having been written with `.0`, as a power of two. */
const MOST_KEYS = 6;

function* numbers(tree: JsonNode): Iterable<Way<Style["number"]>> {
  yield { words: "", is: (text) => text };
  yield { words: "whole numbers with `.0`", is: float };
  yield { words: "numbers as JavaScript writes them", is: plain };
  const keys = new Set<string>();
  for (const members of objectsOf(tree)) {
    for (const { key, value } of members) {
      const all = value.kind === "array" ? value.items : [value];
      if (all.some((one) => one.kind === "number" && isWhole(one.text))) keys.add(key);
    }
  }
  const names = [...keys].slice(0, MOST_KEYS);
  for (let set = 1; set < 2 ** names.length - (keys.size === names.length ? 1 : 0); set += 1) {
    const chosen = new Set(names.filter((_, at) => (set >> at) & 1));
    const words = `whole numbers under ${[...chosen].join(", ").replace(/"/g, "`")} with \`.0\``;
    yield { words, is: (text, key) => (key !== undefined && chosen.has(key) ? float(text) : text) };
  }
}

/** JavaScript moves keys like `"1"` to the front, so what came may have had any order. */
function* orders(tree: JsonNode): Iterable<Way<Style["members"]>> {
  yield { words: "", is: (members) => members };
  yield { words: "sorted keys", is: sorted };
  const moved = [...objectsOf(tree)].filter((members) => members.some(({ key }) => isIndex(key)));
  if (moved.length !== 1 || (moved[0] as Member[]).length > 6) return;
  for (const order of permutations(moved[0] as Member[])) {
    yield {
      words: "keys that look like numbers at other places",
      is: (members) => (members === moved[0] ? order : members),
    };
  }
}

function* permutations<T>(items: readonly T[]): Iterable<T[]> {
  if (items.length < 2) yield [...items];
  for (const [at, item] of items.entries()) {
    for (const rest of permutations(items.toSpliced(at, 1))) yield [item, ...rest];
  }
}

/** The same JSON in other ways, those first that differ in the fewest. */
function* writings(tree: JsonNode): Iterable<[string, string]> {
  const ways = [LAYOUTS, ESCAPES, [...numbers(tree)], [...orders(tree)]] as const;
  for (let different = 0; different <= 3; different += 1) {
    for (const layout of ways[0]) {
      for (const string of ways[1]) {
        for (const number of ways[2]) {
          for (const members of ways[3]) {
            const words = [layout, string, number, members].map(({ words }) => words).filter((words) => words !== "");
            if (words.length !== different) continue;
            const style = { ...layout.is, string: string.is, number: number.is, members: members.is };
            yield [writeJson(tree, style), different === 0 ? "neither spaces nor line breaks" : words.join(", ")];
          }
        }
      }
    }
  }
}

/** What JSON.stringify changes in a text, with the first place of each. */
function changesOf(text: string, tree: JsonNode): string[] {
  const counts = new Map<string, { count: number; at: number }>();
  const note = (what: string, at: number) => {
    const seen = counts.get(what);
    counts.set(what, { count: (seen?.count ?? 0) + 1, at: seen?.at ?? at });
  };
  for (const { kind, at, text } of leavesOf(tree)) {
    if (kind !== "word" && plain(text) !== text)
      note(kind === "number" ? "number written differently" : "string with other escapes", at);
  }
  for (const members of objectsOf(tree)) {
    const names = members.map(({ key }) => JSON.parse(key) as string);
    const after = Object.keys(Object.fromEntries(names.map((name) => [name, 0])));
    if (new Set(names).size < names.length) note("object with a key twice", (members[0] as Member).at);
    else if (after.some((name, at) => name !== names[at]))
      note("object whose keys like numbers move to the front", (members[0] as Member).at);
  }
  const list = Array.from(counts, ([what, { count, at }]) => `${count} × ${what} (first at ${placeOf(text, at)})`);
  const compact = writeJson(tree, {
    ...(LAYOUTS[0] as Way<Layout>).is,
    string: (text) => text,
    number: (text) => text,
    members: (members) => members,
  });
  return compact === text ? list : [...list, "white space between values"];
}

export function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1) as string).length + 1}`;
}

function treeOf(trial: Trial): { text: string; tree: JsonNode } | undefined {
  const text = textOf(trial.body);
  const tree = text === undefined ? undefined : readJson(text);
  return text === undefined || tree === undefined ? undefined : { text, tree };
}

export const reserialisations: readonly Hypothesis[] = [
  {
    id: "body_stringified",
    message: "The signature covers JSON.stringify(JSON.parse(body)) and not the body that was sent.",
    remedy:
      "The signer must sign the very bytes that it sends. Some providers' samples hash JSON.stringify(req.body); " +
      "that is refused on purpose, since two different bodies would share one signature.",
    *changes(trial): Iterable<Change> {
      const found = treeOf(trial);
      if (found === undefined) return;
      const stringified = JSON.stringify(JSON.parse(found.text));
      if (stringified === found.text) return;
      yield {
        trial: withBody(trial, stringified),
        evidence: `JSON.stringify changes: ${changesOf(found.text, found.tree).join("; ")}.`,
      };
    },
  },
  {
    id: "body_reserialised",
    message: "The body is the same JSON as was signed, and written differently: it was parsed and written again.",
    remedy:
      "Verify the raw bytes, before any parser: in Express, express.raw({ type: () => true }) on this route, " +
      "mounted before express.json(). In a test, sign the text that is sent.",
    *changes(trial): Iterable<Change> {
      const found = treeOf(trial);
      if (found === undefined) return;
      const seen = new Set([found.text]);
      for (const [text, words] of writings(found.tree)) {
        if (seen.has(text)) continue;
        // Where a search tries thousands, what was tried is not worth remembering for ever.
        if (seen.size < 1000) seen.add(text);
        yield { trial: withBody(trial, text), evidence: `The signature fits the same JSON, written with ${words}.` };
      }
    },
  },
];
