import { HookwardenError } from "./failure.js";

/**
 * The headers of a request: a `Headers`, an object as `req.headers` of Node, an array or other iterable of
 * `[name, value]` pairs, or `req.rawHeaders` of Node.
 */
export type HeadersInput =
  | Iterable<readonly [string, string]>
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | readonly string[];

/**
 * The headers that are asked for, names in lower case and values in turn: one that came twice is there twice. The others
 * cannot change a verdict, and never leave JavaScript.
 */
export function listOf(headers: unknown, wanted: ReadonlySet<string>): string[] {
  if (typeof headers !== "object" || headers === null) throw invalid();
  const list: string[] = [];
  const add = (name: unknown, value: unknown) => {
    if (typeof name !== "string") throw invalid();
    const lower = name.toLowerCase();
    if (!wanted.has(lower)) return;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one === undefined) continue;
      if (typeof one !== "string") throw invalid();
      list.push(lower, one);
    }
  };
  // By its tag: in Node.js the mere mention of the class loads the whole of fetch.
  if (Object.prototype.toString.call(headers) === "[object Headers]") {
    // Its iterator would sort all of them first.
    for (const name of wanted) add(name, (headers as Headers).get(name) ?? undefined);
  } else if (Array.isArray(headers) && typeof headers[0] === "string") {
    if (headers.length % 2 !== 0) throw invalid();
    for (let at = 0; at < headers.length; at += 2) add(headers[at], headers[at + 1]);
  } else if (Symbol.iterator in headers) {
    for (const pair of headers as Iterable<unknown>) {
      if (!Array.isArray(pair) || pair.length !== 2) throw invalid();
      add(pair[0], pair[1]);
    }
  } else {
    // Own properties only: what an object inherits was never sent.
    for (const name of Object.keys(headers)) add(name, (headers as Record<string, unknown>)[name]);
  }
  return list;
}

function invalid(): HookwardenError {
  return new HookwardenError(
    "headers_invalid",
    "the headers must be a Headers object, an object of strings as Node's req.headers, or pairs of strings",
  );
}
