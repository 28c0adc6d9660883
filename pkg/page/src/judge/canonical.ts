// Canonical JSON as some senders sign it: keys sorted by code point, no white space, numbers as they were written.
// For showing only. What it gives is held against the core's signature before it is shown (`signed-content.ts`).

/** The canonical form of a JSON text, or `undefined` where this reader finds none. */
export function canonical(text: string): string | undefined {
  try {
    const reader = new Reader(text);
    const written = reader.value(0);
    reader.space();
    return reader.at === text.length ? written : undefined;
  } catch {
    return undefined;
  }
}

const DEEPEST = 128;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
const WORD = /true|false|null/y;

class Reader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  space(): void {
    while (" \t\r\n".includes(this.#text[this.at] ?? "x")) this.at += 1;
  }

  value(depth: number): string {
    this.space();
    if (depth > DEEPEST) throw new SyntaxError();
    const char = this.#text[this.at];
    if (char === "{") return this.#object(depth);
    if (char === "[") return this.#array(depth);
    if (char === '"') return written(this.#string());
    return this.#take(char === "-" || /\d/.test(char ?? "") ? NUMBER : WORD);
  }

  #object(depth: number): string {
    const members: [string, string][] = [];
    this.at += 1;
    this.space();
    if (this.#skip("}")) return "{}";
    do {
      this.space();
      const key = this.#string();
      this.space();
      if (!this.#skip(":")) throw new SyntaxError();
      members.push([key, this.value(depth + 1)]);
      this.space();
    } while (this.#skip(","));
    if (!this.#skip("}")) throw new SyntaxError();
    members.sort(([one], [other]) => byCodePoint(one, other));
    return `{${members.map(([key, value]) => `${written(key)}:${value}`).join(",")}}`;
  }

  #array(depth: number): string {
    const items: string[] = [];
    this.at += 1;
    this.space();
    if (this.#skip("]")) return "[]";
    do {
      items.push(this.value(depth + 1));
      this.space();
    } while (this.#skip(","));
    if (!this.#skip("]")) throw new SyntaxError();
    return `[${items.join(",")}]`;
  }

  #string(): string {
    return JSON.parse(this.#take(STRING)) as string;
  }

  #skip(char: string): boolean {
    if (this.#text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  #take(form: RegExp): string {
    form.lastIndex = this.at;
    const found = form.exec(this.#text)?.[0];
    if (found === undefined) throw new SyntaxError();
    this.at += found.length;
    return found;
  }
}

/** JavaScript compares UTF-16, in which what lies beyond U+FFFF comes before some of what does not. */
function byCodePoint(one: string, other: string): number {
  const [left, right] = [Array.from(one), Array.from(other)];
  for (const [at, char] of left.entries()) {
    const against = right[at];
    if (against === undefined) return 1;
    if (char !== against) return (char.codePointAt(0) as number) - (against.codePointAt(0) as number);
  }
  return left.length - right.length;
}

/** As Python's json writes a string with `ensure_ascii=False`: U+007F and beyond as they are. */
const written = (text: string): string => JSON.stringify(text);
