// A command line taken apart as a shell would, without variables and substitutions: those stay as they are written.

const ANSI: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  b: "\b",
  f: "\f",
  v: "\v",
  a: "\x07",
  e: "\x1b",
  "0": "\0",
};

/** The words of a command line of a POSIX shell, or of Windows' cmd where it is written with carets. */
export function shellWords(command: string): string[] {
  return /\^["\n]/.test(command) ? posix(withoutCarets(command)) : posix(command);
}

/** Browsers write `^"` for a quote and `^` at a line's end, and a quote within quotes as `\^"`. */
function withoutCarets(command: string): string {
  return command.replace(/\^\r?\n/g, " ").replace(/\^([\s\S])/g, "$1");
}

function posix(command: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  const add = (text: string) => (word = (word ?? "") + text);
  while (at < command.length) {
    const char = command[at] as string;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at += 1;
    } else if (char === "'") {
      const end = endOf(command, at + 1, (one) => one === "'");
      add(command.slice(at + 1, end));
      at = end + 1;
    } else if (char === "$" && command[at + 1] === "'") {
      const [text, end] = ansi(command, at + 2);
      add(text);
      at = end;
    } else if (char === '"') {
      const [text, end] = double(command, at + 1);
      add(text);
      at = end;
    } else if (char === "\\") {
      const next = /^\\(\r?\n)/.exec(command.slice(at, at + 3))?.[1];
      if (next === undefined) add(command[at + 1] ?? "\\");
      at += 1 + (next?.length ?? 1);
    } else {
      add(char);
      at += 1;
    }
  }
  if (word !== undefined) words.push(word);
  return words;
}

function endOf(text: string, from: number, ends: (char: string) => boolean): number {
  let at = from;
  while (at < text.length && !ends(text[at] as string)) at += 1;
  return at;
}

/** Within double quotes a backslash is one, except before what it is for. */
function double(text: string, from: number): [string, number] {
  let out = "";
  let at = from;
  while (at < text.length && text[at] !== '"') {
    const escaped = /^\\(\r?\n|["\\$`])/.exec(text.slice(at, at + 3));
    if (escaped) {
      out += escaped[1]?.endsWith("\n") ? "" : escaped[1];
      at += escaped[0].length;
    } else {
      out += text[at];
      at += 1;
    }
  }
  return [out, at + 1];
}

/** `$'…'`, which browsers write where a body has a quote or a line break. */
function ansi(text: string, from: number): [string, number] {
  let out = "";
  let at = from;
  while (at < text.length && text[at] !== "'") {
    const code = /^\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(text.slice(at, at + 10));
    if (code) {
      const point = Number.parseInt(code[1] ?? code[2] ?? (code[3] as string), 16);
      // Not fromCodePoint: the two halves of a surrogate pair come one by one.
      out += point > 0xffff ? (point <= 0x10ffff ? String.fromCodePoint(point) : "") : String.fromCharCode(point);
      at += code[0].length;
    } else if (text[at] === "\\") {
      const next = text[at + 1] ?? "";
      out += ANSI[next] ?? next;
      at += 2;
    } else {
      out += text[at];
      at += 1;
    }
  }
  return [out, at + 1];
}
