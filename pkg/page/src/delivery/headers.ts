// Header lines, in the forms in which people have them on their clipboard.

export type Header = readonly [name: string, value: string];

/** A request line, where there is one, and the headers in their order. */
export interface Head {
  readonly method: string | undefined;
  readonly target: string | undefined;
  readonly headers: readonly Header[];
  /** Numbers of the lines that are no header, counted from 1. */
  readonly unread: readonly number[];
}

const NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const REQUEST_LINE = new RegExp(`^([A-Z]{3,10}) (\\S+)(?: HTTP/\\d(?:\\.\\d)?)?$`);
const PSEUDO = /^:(method|path|authority|scheme):?\s+(.*)$/;
const LINE = new RegExp(`^(${NAME}):[ \\t]?(.*)$`);
const CELLS = new RegExp(`^(${NAME})\\t+(.*)$`);
/** A line of a printed object: `'x-signature': 'abc',`. A raw header may have a quoted value, too, but no comma after it. */
const PROPERTIES = [
  new RegExp(`^(["'])(${NAME})\\1\\s*(?::|=>)\\s*(["'])(.*)\\3[,;]?$`),
  new RegExp(`^()(${NAME}):\\s*(["'])(.*)\\3,$`),
];

/** Reads header lines: raw, of `curl -v`, of HTTP/2, cells of a table, a printed object, or JSON. */
export function readHead(text: string): Head {
  const listed = readJson(text);
  if (listed !== undefined) return { method: undefined, target: undefined, headers: listed, unread: [] };
  let method: string | undefined;
  let target: string | undefined;
  const headers: [string, string][] = [];
  const unread: number[] = [];
  for (const [at, given] of text.split(/\r?\n/).entries()) {
    const line = trimmed(given.replace(/^> ?/, ""));
    if (line === "" || /^[{}[\]];?,?$/.test(line)) continue;
    const request = at === 0 || method === undefined ? REQUEST_LINE.exec(line) : null;
    const pseudo = PSEUDO.exec(line);
    const header = property(line) ?? LINE.exec(line)?.slice(1) ?? CELLS.exec(line)?.slice(1);
    if (request && headers.length === 0) [, method, target] = request;
    else if (pseudo?.[1] === "method") method = pseudo[2];
    else if (pseudo?.[1] === "path") target = pseudo[2];
    else if (pseudo) continue;
    else if (header) headers.push([header[0] as string, trimmed(header[1] as string)]);
    else unread.push(at + 1);
  }
  return { method, target, headers, unread };
}

function property(line: string): string[] | undefined {
  for (const form of PROPERTIES) {
    const found = form.exec(line);
    if (found) return [found[2] as string, found[4] as string];
  }
  return undefined;
}

/** Of spaces and tabs, as HTTP does; trim() would take more. */
const trimmed = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, "");

/** An object or a list of pairs, as `JSON.stringify(request.headers)` and `rawHeaders` are. */
function readJson(text: string): Header[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) {
    return Object.entries(value as object).flatMap(([name, one]) =>
      (Array.isArray(one) ? one : [one]).map((each): Header => [name, String(each)]),
    );
  }
  if (value.every((pair) => Array.isArray(pair) && pair.length === 2)) {
    return value.map(([name, one]): Header => [String(name), String(one)]);
  }
  if (!value.every((word) => typeof word === "string")) return undefined;
  return value.flatMap((name, at): Header[] => (at % 2 === 0 ? [[name, String(value[at + 1] ?? "")]] : []));
}

/** The same as lines. */
export function writeHead(head: Pick<Head, "method" | "target" | "headers">): string {
  const line = head.method === undefined ? [] : [`${head.method} ${head.target ?? "/"} HTTP/1.1`];
  return [...line, ...head.headers.map(([name, value]) => `${name}: ${value}`)].join("\n");
}

export function valuesOf(headers: readonly Header[], name: string): string[] {
  const lower = name.toLowerCase();
  return headers.filter(([one]) => one.toLowerCase() === lower).map(([, value]) => value);
}
