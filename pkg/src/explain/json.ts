// A JSON text as a tree that keeps how everything is written, and writes it again in other ways.

export type JsonNode =
  | { readonly kind: "string" | "number" | "word"; readonly at: number; readonly text: string }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "object"; readonly members: readonly Member[] };

export interface Member {
  /** As it is written, with its quotes. */
  readonly key: string;
  readonly at: number;
  readonly value: JsonNode;
}

const TOKEN = /\s*(?:(?<string>"(?:[^"\\]|\\.)*")|(?<number>-?[0-9][0-9.eE+-]*)|(?<word>[a-z]+)|(?<sign>[{}[\],:]))/sy;
const DEEPEST = 200;

/** The tree, or nothing where the text is not JSON or very deep. */
export function readJson(text: string): JsonNode | undefined {
  try {
    JSON.parse(text);
    return new Reader(text).value(0);
  } catch {
    return undefined;
  }
}

/** Reads what JSON.parse has found right, so it checks nothing itself. */
class Reader {
  readonly #text: string;
  #next = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number, token = this.#token()): JsonNode {
    if (depth > DEEPEST) throw new RangeError("too deep");
    if (token.text === "[") {
      const items: JsonNode[] = [];
      for (let first = this.#token(); first.text !== "]"; first = this.#token()) {
        items.push(this.value(depth + 1, first.text === "," ? this.#token() : first));
      }
      return { kind: "array", items };
    }
    if (token.text === "{") {
      const members: Member[] = [];
      for (let key = this.#token(); key.text !== "}"; key = this.#token()) {
        if (key.text === ",") key = this.#token();
        this.#token();
        members.push({ key: key.text, at: key.at, value: this.value(depth + 1) });
      }
      return { kind: "object", members };
    }
    return token as JsonNode;
  }

  #token(): { kind: string; at: number; text: string } {
    TOKEN.lastIndex = this.#next;
    const groups = TOKEN.exec(this.#text)?.groups ?? {};
    const [kind, text] = Object.entries(groups).find(([, text]) => text !== undefined) as [string, string];
    this.#next = TOKEN.lastIndex;
    return { kind, at: this.#next - text.length, text };
  }
}

/** How a tree is written. */
export interface Style {
  readonly comma: string;
  readonly colon: string;
  /** One step of indentation; without it, all is on one line. */
  readonly indent: string | undefined;
  string(text: string): string;
  number(text: string, key: string | undefined): string;
  members(members: readonly Member[]): readonly Member[];
}

export function writeJson(node: JsonNode, style: Style): string {
  return write(node, style, "\n", undefined);
}

function write(node: JsonNode, style: Style, line: string, key: string | undefined): string {
  switch (node.kind) {
    case "string":
      return style.string(node.text);
    case "number":
      return style.number(node.text, key);
    case "word":
      return node.text;
    case "array":
      return group("[", "]", node.items, style, line, (item, deeper) => write(item, style, deeper, key));
    case "object":
      return group("{", "}", style.members(node.members), style, line, (member, deeper) => {
        return style.string(member.key) + style.colon + write(member.value, style, deeper, member.key);
      });
  }
}

function group<T>(
  open: string,
  close: string,
  parts: readonly T[],
  { comma, indent }: Style,
  line: string,
  one: (part: T, line: string) => string,
): string {
  if (parts.length === 0) return open + close;
  const deeper = indent === undefined ? line : line + indent;
  const written = parts.map((part) => one(part, deeper));
  return indent === undefined
    ? open + written.join(comma) + close
    : open + deeper + written.join(comma + deeper) + line + close;
}

/** Every object in the tree. */
export function* objectsOf(node: JsonNode): Iterable<readonly Member[]> {
  if (node.kind === "array") for (const item of node.items) yield* objectsOf(item);
  if (node.kind !== "object") return;
  yield node.members;
  for (const { value } of node.members) yield* objectsOf(value);
}

/** Every string, key and number in the tree. */
export function* leavesOf(
  node: JsonNode,
): Iterable<{ readonly kind: string; readonly at: number; readonly text: string }> {
  if (node.kind === "array") for (const item of node.items) yield* leavesOf(item);
  else if (node.kind === "object") {
    for (const { key, at, value } of node.members) {
      yield { kind: "string", at, text: key };
      yield* leavesOf(value);
    }
  } else yield node;
}

/** Whether JavaScript moves such a key to the front of its object. */
export function isIndex(key: string): boolean {
  const name = JSON.parse(key) as string;
  return /^(?:0|[1-9]\d{0,9})$/.test(name) && Number(name) <= 4_294_967_294;
}
