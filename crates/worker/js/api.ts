// The admin API under /_hookwarden/api/, as far as it reads and purges.

import { json, problem } from "./answer.js";
import { type DeadLetters } from "./dead-letters.js";
import { SLOT_SECONDS, type Deliveries } from "./deliveries.js";
import { BadRequest, Filter, whole } from "./filter.js";

const API = "/_hookwarden/api";
const MOST_ROWS = 200;
const ROWS = 50;
/** How many dead letters one request replays, unless it says otherwise. */
const REPLAYED = 20;
/** How many dead letters one request removes. */
const MOST_REMOVED = 1_000;

interface Asked {
  readonly query: URLSearchParams;
  /** What the path names, where it names one. */
  readonly id: string;
  readonly deliveries: Deliveries;
  readonly deadLetters: DeadLetters;
}

type Answer = Record<string, unknown> | undefined;

const SPAN = ["from", "to"];
const PAGE = ["limit", "cursor"];
/** What dead letters are told apart by. */
const ABOUT = ["source", "reason", "code", "event_type"];

/** Method and path, with `*` for an id, and the parameters that each takes. `undefined` is 404. */
const ROUTES: readonly (readonly [string, string, readonly string[], (asked: Asked) => Answer])[] = [
  ["GET", "/deliveries", ["source", "verdict", "code", "event_type", "key", ...SPAN, ...PAGE], deliveries],
  ["GET", "/deliveries/*", [], delivery],
  ["GET", "/counts", ["source", "verdict", "code", ...SPAN, "step"], counts],
  ["GET", "/dead-letters", [...ABOUT, ...SPAN, ...PAGE], letters],
  ["GET", "/dead-letters/*", ["body"], letter],
  ["DELETE", "/dead-letters", [...ABOUT, ...SPAN, "all"], purge],
  ["DELETE", "/dead-letters/*", [], remove],
];

export async function answer(request: Request, deliveries: Deliveries, deadLetters: DeadLetters): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.slice(API.length);
  const found = ROUTES.filter(([, pattern]) => path.replace(/(?<=^\/[a-z-]+\/)[^/]+$/, "*") === pattern);
  const route = found.find(([method]) => method === request.method);
  if (found.length === 0) return problem(404, "There is no such place in the API.");
  if (route === undefined) {
    const allow = found.map(([method]) => method).join(", ");
    return problem(405, `Here there is only: ${allow}.`, { allow });
  }
  const [, , parameters, run] = route;
  const id = path.split("/")[2] ?? "";
  try {
    const unknown = [...url.searchParams.keys()].find((name) => !parameters.includes(name));
    if (unknown !== undefined) throw new BadRequest(`this takes only: ${parameters.join(", ") || "no parameters"}`);
    const found = run({ query: url.searchParams, id, deliveries, deadLetters });
    return found === undefined ? problem(404, "There is no such entry.") : json(200, found);
  } catch (error) {
    if (error instanceof BadRequest) return problem(400, `${error.message}.`);
    throw error;
  }
}

function deliveries({ query, deliveries }: Asked): Answer {
  const limit = whole(query, "limit", ROWS, MOST_ROWS);
  const filter = new Filter(query, ["source", "verdict", "code", "event_type", "key"]);
  const rows = deliveries.list(filter, limit, query.has("cursor") ? whole(query, "cursor", 0, 999_999_999) : undefined);
  return { deliveries: rows, cursor: rows.length === limit ? String(rows.at(-1)?.id) : null };
}

function delivery({ id, deliveries }: Asked): Answer {
  return /^\d{1,15}$/.test(id) ? deliveries.one(Number(id)) : undefined;
}

function counts({ query, deliveries }: Asked): Answer {
  const step = Math.ceil(whole(query, "step", SLOT_SECONDS, 86_400 * 31) / SLOT_SECONDS) * SLOT_SECONDS;
  return { step, counts: deliveries.counts(new Filter(query, ["source", "verdict", "code"]), step) };
}

function letters({ query, deadLetters }: Asked): Answer {
  const limit = whole(query, "limit", ROWS, MOST_ROWS);
  const filter = new Filter(query, ABOUT);
  const rows = deadLetters.list(filter, limit, cursorFrom(query));
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return { dead_letters: rows.map(seconds), cursor: last === undefined ? null : `${last.at}-${last.id}` };
}

function cursorFrom(query: URLSearchParams): [number, string] | undefined {
  const text = query.get("cursor");
  if (text === null) return undefined;
  const [, at, id] = /^(\d{1,15})-([0-9a-f]{64})$/.exec(text) ?? [];
  if (at === undefined || id === undefined) throw new BadRequest("cursor must be one that a listing gave");
  return [Number(at), id];
}

/** One dead letter. Its body, which is the payload, only if it is asked for. */
function letter({ id, query, deadLetters }: Asked): Answer {
  const row = deadLetters.one(id);
  if (row === undefined) return undefined;
  const { meta, ...shown } = row;
  const { method, headers } = JSON.parse(meta) as { method: string; headers: string[] };
  const names = headers.filter((_, at) => at % 2 === 0);
  const body = query.get("body") === "true" && { body_base64: base64(deadLetters.body(id)) };
  return { dead_letter: { ...seconds(shown), method, headers: names, ...body } };
}

function purge({ query, deadLetters }: Asked): Answer {
  const filter = new Filter(query, ABOUT);
  if (filter.isEmpty && query.get("all") !== "true") throw new BadRequest("say which ones, or all=true");
  const removed = deadLetters.remove(filter, MOST_REMOVED);
  return { removed, more: removed === MOST_REMOVED };
}

/** The ids that a replay is about. */
export function matching(query: URLSearchParams, deadLetters: DeadLetters): string[] {
  const known = [...ABOUT, ...SPAN, "all", "limit"];
  const filter = new Filter(query, ABOUT);
  const empty = filter.isEmpty && query.get("all") !== "true";
  if (empty || [...query.keys()].some((name) => !known.includes(name))) {
    throw new BadRequest(`say which ones by some of: ${known.join(", ")}`);
  }
  return deadLetters.ids(filter, whole(query, "limit", REPLAYED, MOST_ROWS));
}

function remove({ id, deadLetters }: Asked): Answer {
  return deadLetters.removeOne(id) ? { removed: 1, more: false } : undefined;
}

const seconds = <R extends { at: number }>(row: R): R => ({ ...row, at: Math.floor(row.at / 1000) });

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
