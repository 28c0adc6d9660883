// The dead letters: why each is one, and what can be done: replay or remove one, several, or all that match.

import { byId, h, icon } from "../view/dom.js";
import { announce } from "../view/announcer.js";
import { notify } from "../view/notice.js";
import type { Api, DeadLetter, Query, Replayed, WholeLetter } from "./api.js";
import { confirmed } from "./confirm.js";
import { facts } from "./facts.js";
import { Filters } from "./filters.js";
import { isNarrow, Panel } from "./panel.js";
import { about, Rows } from "./rows.js";
import { time } from "./times.js";
import { counted, meaning, outcomeOf, reasonOf } from "./words.js";

const PAGE = 50;
/** As many as the API gives at once. */
const MOST = 200;

interface Options {
  readonly api: () => Api;
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
  /** Something was replayed or removed: there is news in the log. */
  readonly onDone: () => void;
}

export class Letters {
  readonly #options: Options;
  readonly #filters: Filters;
  readonly #rows: Rows<DeadLetter>;
  readonly #panel = new Panel("letter", () => this.#close());
  readonly #selected = new Set<string>();
  readonly #all = byId<HTMLInputElement>("letters-all");
  #list: DeadLetter[] = [];
  #cursor: string | null = null;
  #chosen: string | undefined;
  #isBusy = false;
  #question = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#filters = new Filters(byId("letters-filters"), ["range", "source", "reason", "event_type"], "all", () => {
      this.#question += 1;
      this.#list = [];
      this.#selected.clear();
      this.#showActions();
      void options.run(() => this.refresh());
    });
    this.#rows = new Rows(byId("letters-list"), ({ id }) => id, (letter) => this.#row(letter));
    this.#all.addEventListener("change", () => {
      for (const { id } of this.#list) this.#select(id, this.#all.checked);
      for (const box of byId("letters-list").querySelectorAll("input")) box.checked = this.#all.checked;
      this.#showActions();
    });
    byId("letters-older").addEventListener("click", () => void options.run(() => this.#older()));
    byId("letters-replay").addEventListener("click", () => void this.#replay(this.#selection()));
    byId("letters-remove").addEventListener("click", () => void this.#remove(this.#selection()));
    byId("letter-replay").addEventListener("click", () => void this.#replay([this.#chosen ?? ""]));
    byId("letter-remove").addEventListener("click", () => void this.#remove([this.#chosen ?? ""]));
  }

  has(id: string): boolean {
    return this.#list.some((letter) => letter.id === id);
  }

  /** Asks for as many as are shown, so that those that are gone go. */
  async refresh(): Promise<void> {
    const question = this.#question;
    const api = this.#options.api();
    const wanted = Math.max(this.#list.length, PAGE);
    const found: DeadLetter[] = [];
    let cursor: string | null = null;
    do {
      const query = { ...this.#filters.query, limit: Math.min(wanted, MOST), cursor: cursor ?? undefined };
      const page = await api.deadLetters(query);
      found.push(...page.dead_letters);
      cursor = page.cursor;
    } while (cursor !== null && found.length < wanted);
    if (question !== this.#question || api.isClosed) return;
    this.#list = found;
    this.#cursor = cursor;
    this.#show();
  }

  clear(): void {
    this.#question += 1;
    this.#list = [];
    this.#cursor = null;
    this.#filters.forget();
    this.#close();
    this.#show();
  }

  async open(id: string): Promise<void> {
    const api = this.#options.api();
    const { dead_letter } = await api.deadLetter(id);
    if (api.isClosed) return;
    this.#chosen = id;
    this.#rows.choose(id);
    this.#tell(dead_letter);
  }

  focus(): void {
    this.#panel.focus();
  }

  async #older(): Promise<void> {
    const question = this.#question;
    const api = this.#options.api();
    const query = { ...this.#filters.query, limit: PAGE, cursor: this.#cursor ?? undefined };
    const page = await api.deadLetters(query);
    if (question !== this.#question || api.isClosed) return;
    const known = new Set(this.#list.map(({ id }) => id));
    this.#list.push(...page.dead_letters.filter(({ id }) => !known.has(id)));
    this.#cursor = page.cursor;
    this.#show();
  }

  #show(): void {
    const ids = new Set(this.#list.map(({ id }) => id));
    for (const id of this.#selected) if (!ids.has(id)) this.#selected.delete(id);
    this.#rows.show(this.#list);
    const count = `${this.#list.length}${this.#cursor === null ? "" : "+"}`;
    byId("letters-badge").textContent = count;
    byId("letters-empty").hidden = this.#list.length > 0;
    byId("letters-older").hidden = this.#cursor === null;
    this.#filters.offer("source", this.#list.map(({ source }) => source));
    this.#filters.offer("reason", this.#list.map(({ reason }) => reason));
    this.#filters.offer("event_type", this.#list.map(({ event_type }) => event_type));
    if (this.#chosen !== undefined && !ids.has(this.#chosen)) this.#close();
    this.#showActions();
  }

  #showActions(): void {
    const { size } = this.#selected;
    const which = size > 0 ? `${size} selected` : "all" in this.#which() ? "all" : "all that match";
    byId("letters-replay").textContent = `Replay ${which}`;
    byId("letters-remove").textContent = `Remove ${which}`;
    for (const id of ["letters-replay", "letters-remove", "letter-replay", "letter-remove"]) {
      byId<HTMLButtonElement>(id).disabled = this.#isBusy || this.#list.length === 0;
    }
    this.#all.disabled = this.#list.length === 0;
    this.#all.checked = size > 0 && size === this.#list.length;
    this.#all.indeterminate = size > 0 && size < this.#list.length;
  }

  /** In the order of the list. */
  #selection(): string[] {
    return this.#list.map(({ id }) => id).filter((id) => this.#selected.has(id));
  }

  #select(id: string, isSelected: boolean): void {
    if (isSelected) this.#selected.add(id);
    else this.#selected.delete(id);
  }

  #row(letter: DeadLetter): HTMLElement[] {
    const { id, at, source, event_type, reason, code, attempts, origin_status } = letter;
    const what = `${event_type ?? "event"} of ${source}`;
    const box = h("input", { type: "checkbox", "aria-label": `Select ${what}` });
    box.checked = this.#selected.has(id);
    box.addEventListener("change", () => {
      this.#select(id, box.checked);
      this.#showActions();
    });
    const tried = [counted(attempts, "attempt"), origin_status === null ? undefined : `origin ${origin_status}`];
    const button = h(
      "button",
      { type: "button", class: "entry", "data-state": "rejected" },
      h("span", { class: "entry-icon" }, icon("cross")),
      h("span", { class: "entry-what" }, h("span", {}, reason), code !== null && h("code", { class: "chip" }, code)),
      about(source, event_type),
      h("span", { class: "entry-status" }, tried.filter(Boolean).join(", ")),
      time(at, "entry-time"),
    );
    button.addEventListener("click", () => {
      void this.#options.run(() => this.open(id)).then((fine) => {
        if (fine && isNarrow()) this.#panel.focus();
      });
    });
    return [h("label", { class: "pick" }, box), button];
  }

  #tell(letter: WholeLetter): void {
    const { id, at, source, event_type, event_id, reason, code, attempts, origin_status, bytes, method } = letter;
    this.#panel.show("rejected", "cross", "Dead letter", reason, reasonOf(reason));
    const list = facts({
      Kept: time(at),
      Source: source,
      "Event type": event_type,
      "Event id": event_id,
      "Why it failed": code === null ? null : `${code}: ${meaning(code)}`,
      "Origin's last answer": origin_status === null ? null : String(origin_status),
      Attempts: String(attempts),
      Method: method,
      Payload: `${bytes.toLocaleString("en")} bytes, which are not shown here`,
      Headers: letter.headers.join(", "),
      Key: id,
    });
    byId("letter-facts").replaceChildren(...list);
    announce(`Dead letter. ${reasonOf(reason)}`);
  }

  async #replay(chosen: readonly string[]): Promise<void> {
    const says =
      "All dead letters that match the filters are sent to their origins, the oldest first. Those that were delivered meanwhile are not sent again.";
    if (chosen.length === 0 && !(await confirmed("Replay all?", says, "Replay"))) return;
    await this.#work(async (api) => {
      const ids = chosen.length === 0 ? await this.#matching(api) : chosen;
      const done: Replayed[] = [];
      // One by one, so that each is sent once, whatever comes of it.
      for (const id of ids.toReversed()) {
        if (ids.length > 1) notify(`Replaying: ${done.length} of ${ids.length}.`);
        done.push(...(await api.replay(id)).replayed);
      }
      notify(summary(done));
      // What the origin said this time.
      const [first] = done;
      if (first?.outcome === "failed" && first.id === this.#chosen) await this.open(first.id);
    });
  }

  /** The newest first. */
  async #matching(api: Api): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await api.deadLetters({ ...this.#filters.query, limit: MOST, cursor: cursor ?? undefined });
      ids.push(...page.dead_letters.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== null);
    return ids;
  }

  async #remove(ids: readonly string[]): Promise<void> {
    const which = ids.length === 0 ? "all dead letters that match" : counted(ids.length, "dead letter");
    const says = "Their payloads are deleted from the gateway. They cannot be replayed or brought back.";
    if (!(await confirmed(`Remove ${which}?`, says, "Remove"))) return;
    await this.#work(async (api) => {
      let removed = 0;
      for (const id of ids) {
        // Somebody else may have removed or replayed it.
        removed += await api.removeOne(id).then(
          (answer) => answer.removed,
          (error: unknown) => ((error as { trouble?: string }).trouble === "gone" ? 0 : Promise.reject(error)),
        );
      }
      for (let more = ids.length === 0; more && !api.isClosed; ) {
        const answer = await api.remove(this.#which());
        removed += answer.removed;
        ({ more } = answer);
      }
      notify(`${counted(removed, "dead letter")} removed.`);
    });
  }

  /** The filters, as replays and removals want them. */
  #which(): Query {
    const { query } = this.#filters;
    const isAll = Object.values(query).every((value) => value === undefined);
    return isAll ? { all: "true" } : query;
  }

  async #work(work: (api: Api) => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#showActions();
    await this.#options.run(() => work(this.#options.api()));
    this.#isBusy = false;
    this.#selected.clear();
    for (const box of byId("letters-list").querySelectorAll("input")) box.checked = false;
    await this.#options.run(() => this.refresh());
    this.#showActions();
    this.#options.onDone();
  }

  #close(): void {
    if (this.#panel.hide()) this.#rows.focusChosen();
    this.#chosen = undefined;
    this.#rows.choose(undefined);
  }
}

/** `2 delivered, 1 failed (the origin answered 500)` */
function summary(done: readonly Replayed[]): string {
  if (done.length === 0) return "There was nothing to replay.";
  const groups = new Map<string, number>();
  for (const { outcome, code, origin_status } of done) {
    const why = typeof origin_status === "number" ? `the origin answered ${origin_status}` : (code ?? "no answer");
    const words = outcomeOf(outcome) + (outcome === "failed" ? ` (${why})` : "");
    groups.set(words, (groups.get(words) ?? 0) + 1);
  }
  return `Replayed: ${[...groups].map(([words, count]) => `${count} ${words}`).join(", ")}.`;
}
