// deliveries, dead-letters and replay: what asks the admin API of a deployed gateway.

import { ask } from "./api.js";
import type { Arguments } from "./arguments.js";
import { usage } from "./misuse.js";
import { columns, inJson, plain, print, printJson } from "./output.js";

const FILTERS = ["source", "verdict", "code", "event-type", "key", "reason", "from", "to", "limit", "cursor"];

/** What the API answers, as far as it is shown. */
interface Entry {
  readonly id: number | string;
  readonly at: number;
  readonly source: string | null;
  readonly verdict?: string;
  readonly reason?: string;
  readonly code: string | null;
  readonly event_type: string | null;
  readonly status?: number | null;
  readonly origin_status?: number | null;
  readonly attempts?: number;
  readonly via?: string;
}

export async function deliveries(args: Arguments): Promise<number> {
  const [id] = args.positionals;
  if (id !== undefined) {
    const found = await got<{ delivery: Entry; attempts: Entry[] }>(args, "GET", `deliveries/${encodeURIComponent(id)}`);
    return show(args, found, () => lines(found.attempts));
  }
  const found = await got<{ deliveries: Entry[]; cursor: string | null }>(args, "GET", `deliveries${query(args)}`);
  return show(args, found, () => lines(found.deliveries) + more(found.cursor));
}

export async function deadLetters(args: Arguments): Promise<number> {
  const [id] = args.positionals;
  if (id !== undefined) {
    const body = args.flag("body") === true ? "?body=true" : "";
    const path = `dead-letters/${encodeURIComponent(id)}${body}`;
    const found = await got<{ dead_letter: Entry & { body_base64?: string } }>(args, "GET", path);
    const { body_base64: payload, ...letter } = found.dead_letter;
    return show(args, found, () => {
      const text = payload === undefined ? "" : `\n\n${plain(Buffer.from(payload, "base64").toString())}`;
      return letters([letter]) + text;
    });
  }
  const found = await got<{ dead_letters: Entry[]; cursor: string | null }>(args, "GET", `dead-letters${query(args)}`);
  return show(args, found, () => letters(found.dead_letters) + more(found.cursor));
}

interface Replayed {
  readonly replayed: readonly { id: string; outcome: string; code?: string | null; origin_status?: number | null }[];
  readonly left: number;
}

/** Zero if every dead letter that was meant is delivered. */
export async function replay(args: Arguments): Promise<number> {
  const [id] = args.positionals;
  const filtered = query(args, args.flag("all") === true ? { all: "true" } : {});
  if (id === undefined && filtered === "") throw usage("say which ones: an ID, a filter such as --source, or --all");
  if (id !== undefined && filtered !== "") throw usage("give an ID or filters, not both");
  const path = id === undefined ? `replay${filtered}` : `dead-letters/${encodeURIComponent(id)}/replay`;
  const found = await got<Replayed>(args, "POST", path);
  const well = found.replayed.every(({ outcome }) => outcome === "delivered" || outcome === "duplicate");
  show(args, found, () => {
    const rows = found.replayed.map((one) => [one.outcome, one.code ?? String(one.origin_status ?? ""), one.id]);
    return `${columns([["OUTCOME", "ORIGIN", "ID"], ...rows])}${found.left > 0 ? `\n\n${found.left} are left` : ""}`;
  });
  return well && found.left === 0 ? 0 : 1;
}

function show(args: Arguments, found: unknown, text: () => string): number {
  if (inJson(args)) printJson(found);
  else print(text());
  return 0;
}

function lines(entries: readonly Entry[]): string {
  const rows = entries.map(({ id, at, source, verdict, code, event_type: type, status, origin_status: origin, via }) => {
    return [id, time(at), source, via, verdict, code, type, status, origin].map(cell);
  });
  return columns([["ID", "TIME", "SOURCE", "VIA", "VERDICT", "CODE", "EVENT", "STATUS", "ORIGIN"], ...rows]);
}

function letters(entries: readonly Entry[]): string {
  const rows = entries.map(({ id, at, source, reason, code, event_type: type, origin_status: origin, attempts }) => {
    return [time(at), source, reason, code, type, origin, attempts, id].map(cell);
  });
  return columns([["TIME", "SOURCE", "REASON", "CODE", "EVENT", "ORIGIN", "ATTEMPTS", "ID"], ...rows]);
}

const cell = (value: unknown) => (value === null || value === undefined ? "-" : plain(String(value)));
const time = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19) + "Z";
const more = (cursor: string | null) => (cursor === null ? "" : `\n\nmore: --cursor ${cursor}`);

function query(args: Arguments, others: Record<string, string> = {}): string {
  const given = FILTERS.flatMap((name) => {
    const value = args.text(name);
    return value === undefined ? [] : [[name.replace("-", "_"), value] as const];
  });
  const all = new URLSearchParams([...given.map(([name, value]): [string, string] => [name, value]), ...Object.entries(others)]);
  return all.size > 0 ? `?${all}` : "";
}

async function got<T>(args: Arguments, method: string, path: string): Promise<T> {
  return (await ask(args, method, path)).json as T;
}
