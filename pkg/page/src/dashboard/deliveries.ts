// What arrived: the chart, the list, and the story of the delivery that is chosen.

import { byId, h, icon } from "../view/dom.js";
import { stageList } from "../view/stage-list.js";
import { announce } from "../view/announcer.js";
import type { Api, Count, Delivery, Query } from "./api.js";
import { barsOf, draw, legend, rows, stepFor, type Bar } from "./chart.js";
import { facts } from "./facts.js";
import { Filters } from "./filters.js";
import { isNarrow, Panel } from "./panel.js";
import { about, Rows } from "./rows.js";
import { headlineOf, storyOf, type Headline } from "./story.js";
import { time } from "./times.js";
import { counted, own } from "./words.js";

const PAGE = 50;
/** More are not kept in the list by live update; paging goes on where the list ends. */
const MOST_ROWS = 1_000;
/** Where nothing arrives, the chart moves on all the same. */
const COUNTS_EVERY_MS = 60_000;
/** The step of the counts where nobody knows how long they go back. */
const WIDE_STEP = 3_600;

const FACES: Readonly<Record<Headline["state"], string>> = { accepted: "check", rejected: "cross", open: "warn" };

interface Options {
  readonly api: () => Api;
  /** Runs what asks the gateway, and shows what goes wrong. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>;
  /** Whether the event is a dead letter, as far as is known. */
  readonly isDead: (key: string) => boolean;
  readonly showLetter: (key: string) => void;
}

export class Deliveries {
  readonly #options: Options;
  readonly #filters: Filters;
  readonly #rows: Rows<Delivery>;
  readonly #panel = new Panel("delivery", () => this.#close());
  #list: Delivery[] = [];
  #hasOlder = false;
  #chosen: Delivery | undefined;
  #bars: { readonly bars: readonly Bar[]; readonly step: number } | undefined;
  #countedAt = 0;
  /** Answers to questions that were asked before the filters changed are not shown. */
  #question = 0;

  constructor(options: Options) {
    this.#options = options;
    this.#filters = new Filters(byId("deliveries-filters"), ["range", "source", "verdict", "event_type"], "86400", () => {
      this.#question += 1;
      this.#hasOlder = false;
      void options.run(async () => void (await this.refresh(true)));
    });
    this.#rows = new Rows(byId("deliveries-list"), ({ id }) => String(id), (delivery) => this.#row(delivery));
    byId("deliveries-older").addEventListener("click", () => void options.run(() => this.#older()));
    new ResizeObserver(() => this.#draw()).observe(byId("chart").parentElement as HTMLElement);
  }

  /** Asks for what is new; all of it, where `anew`. Gives whether there was something. */
  async refresh(anew = false): Promise<boolean> {
    const question = this.#question;
    const api = this.#options.api();
    const query = this.#filters.query;
    const { deliveries, cursor } = await api.deliveries({ ...query, limit: PAGE });
    if (question !== this.#question || api.isClosed) return false;
    const isNew = this.#take(deliveries, cursor !== null, anew);
    if (anew || isNew || Date.now() - this.#countedAt > COUNTS_EVERY_MS) await this.#count(api, query, question);
    return isNew;
  }

  clear(): void {
    this.#question += 1;
    this.#list = [];
    this.#hasOlder = false;
    this.#bars = undefined;
    this.#countedAt = 0;
    this.#filters.forget();
    byId("codes").replaceChildren();
    this.#close();
    this.#show();
    this.#draw();
  }

  /** Opens a delivery of the event with this key, or any with this number. */
  async open(id: number): Promise<void> {
    const api = this.#options.api();
    const { delivery, attempts } = await api.delivery(id);
    if (api.isClosed) return;
    this.#chosen = delivery;
    this.#rows.choose(String(delivery.id));
    this.#tell(delivery, attempts);
  }

  /** Puts the newest page in front of what is there. */
  #take(newest: readonly Delivery[], hasMore: boolean, anew: boolean): boolean {
    const last = newest.at(-1)?.id ?? 0;
    const [first] = this.#list;
    const added = newest.filter(({ id }) => first === undefined || id > first.id);
    // Where more came than one page has, there would be a gap.
    const isGap = hasMore && first !== undefined && last > first.id;
    if (anew || isGap || first === undefined) {
      this.#list = [...newest];
      this.#hasOlder = hasMore;
    } else if (added.length > 0) {
      const all = [...added, ...this.#list];
      this.#list = all.slice(0, MOST_ROWS);
      this.#hasOlder ||= all.length > MOST_ROWS;
      announce(`${counted(added.length, "new delivery", "new deliveries")}.`);
    }
    if (anew || added.length > 0) this.#show();
    const { key } = this.#chosen ?? {};
    if (!anew && this.#chosen && added.some((one) => key !== null && one.key === key)) void this.#again(this.#chosen.id);
    return added.length > 0;
  }

  async #older(): Promise<void> {
    const question = this.#question;
    const api = this.#options.api();
    const oldest = this.#list.at(-1)?.id;
    const { deliveries, cursor } = await api.deliveries({ ...this.#filters.query, limit: PAGE, cursor: oldest });
    if (question !== this.#question || api.isClosed) return;
    this.#list.push(...deliveries.filter(({ id }) => oldest === undefined || id < oldest));
    this.#hasOlder = cursor !== null;
    this.#show();
    announce(`${counted(deliveries.length, "older delivery", "older deliveries")}.`);
  }

  #again(id: number): Promise<boolean> {
    return this.#options.run(() => this.open(id));
  }

  async #count(api: Api, query: Query, question: number): Promise<void> {
    const { source, verdict, code, from, to } = query;
    const now = Math.floor(Date.now() / 1000);
    const until = typeof to === "number" ? to - 1 : now;
    const step = typeof from === "number" ? stepFor(from, until) : WIDE_STEP;
    const since = typeof from === "number" ? Math.floor(from / step) * step : undefined;
    const { counts } = await api.counts({ source, verdict, code, from: since, to, step });
    if (question !== this.#question || api.isClosed) return;
    this.#countedAt = Date.now();
    const first = since ?? counts[0]?.at ?? now - WIDE_STEP;
    const width = Math.max(step, stepFor(first, until));
    this.#bars = { bars: barsOf(counts, width, first, until), step: width };
    this.#filters.offer("source", counts.map((count) => count.source));
    this.#filters.offer("verdict", counts.map((count) => count.code));
    this.#codes(counts);
    byId("chart-title").textContent = `Verdicts over time${query["event_type"] === undefined ? "" : ", all event types"}`;
    this.#draw();
  }

  /** The codes behind the bars, the commonest first; each narrows the list down to it. */
  #codes(counts: readonly Count[]): void {
    const sums = new Map<string, number>();
    for (const { code, count } of counts) if (code !== null) sums.set(code, (sums.get(code) ?? 0) + count);
    const sorted = [...sums].sort(([, one], [, other]) => other - one);
    const place = byId("codes");
    const focused = place.contains(document.activeElement) ? document.activeElement?.getAttribute("data-code") : null;
    const buttons = sorted.map(([code, count]) => {
      const button = h(
        "button",
        { type: "button", class: "code-count", "data-code": code, title: `Show only ${code}` },
        h("code", {}, code),
        h("strong", {}, count.toLocaleString("en")),
      );
      button.addEventListener("click", () => this.#filters.choose("verdict", `code:${code}`));
      return button;
    });
    place.replaceChildren(...buttons);
    buttons.find((button) => focused !== null && button.dataset["code"] === focused)?.focus({ preventScroll: true });
  }

  #draw(): void {
    const { bars, step } = this.#bars ?? { bars: [], step: 300 };
    const chart = byId("chart") as Element;
    const { clientWidth } = chart.parentElement as Element;
    if (clientWidth > 0) draw(chart, bars, step, clientWidth);
    byId("legend").replaceChildren(...legend(bars));
    byId("chart-rows").replaceChildren(...rows(bars, step));
  }

  #show(): void {
    this.#rows.show(this.#list);
    byId("deliveries-empty").hidden = this.#list.length > 0;
    byId("deliveries-count").textContent = `${counted(this.#list.length, "delivery", "deliveries")} shown`;
    byId("deliveries-older").hidden = !this.#hasOlder;
    this.#filters.offer("event_type", this.#list.map(({ event_type }) => event_type));
    this.#filters.offer("source", this.#list.map(({ source }) => source));
  }

  #row(delivery: Delivery): HTMLElement[] {
    const { id, at, source, event_type, code, via, status, origin_status } = delivery;
    const { state, title } = headlineOf(delivery);
    const button = h(
      "button",
      { type: "button", class: "entry", "data-state": state },
      h("span", { class: "entry-icon" }, icon(FACES[state])),
      h("span", { class: "entry-what" }, h("span", {}, title), code !== null && h("code", { class: "chip" }, code)),
      about(source ?? "no source", event_type),
      h("span", { class: "entry-status" }, via === "sender" ? String(status ?? "") : `${via} ${origin_status ?? ""}`),
      time(at, "entry-time"),
    );
    button.addEventListener("click", () => {
      void this.#again(id).then((fine) => {
        if (fine && isNarrow()) this.#panel.focus();
      });
    });
    return [button];
  }

  #tell(delivery: Delivery, attempts: readonly Delivery[]): void {
    const { state, title, says } = headlineOf(delivery);
    const { code, key } = delivery;
    this.#panel.show(state, FACES[state], title, code, says);
    byId("delivery-facts").replaceChildren(...factsOf(delivery));
    byId("delivery-stages").replaceChildren(...stageList(storyOf(delivery).map((stage) => ({ ...stage, plain: true }))));
    byId("delivery-attempts").replaceChildren(...attempts.map((one) => this.#attempt(one, delivery.id)));
    byId("attempts").hidden = key === null;
    this.showLetter();
    announce(`${title}. ${says}`);
  }

  /** Says of the chosen delivery whether its event is a dead letter now. */
  showLetter(): void {
    const key = this.#chosen?.key ?? null;
    const isDead = key !== null && this.#options.isDead(key);
    const place = byId("delivery-letter");
    if (place.hidden === !isDead) return;
    place.hidden = !isDead;
    const button = h("button", { type: "button" }, "Open it");
    button.addEventListener("click", () => this.#options.showLetter(String(this.#chosen?.key)));
    place.replaceChildren(h("span", {}, "The event is a dead letter: it can be replayed."), button);
  }

  #attempt(delivery: Delivery, chosen: number): HTMLLIElement {
    const { id, at, via, attempt, status, origin_status } = delivery;
    const { state, title } = headlineOf(delivery);
    const number = attempt === undefined ? "" : `, attempt ${attempt}`;
    const told = via === "sender" ? `sender answered ${status ?? "nothing"}` : `${via}${number}`;
    const origin = origin_status === null ? "" : `, origin ${origin_status}`;
    const line = [
      h("span", { class: "entry-icon" }, icon(FACES[state])),
      h("span", {}, time(at), ` ${title}`),
      h("span", { class: "meta" }, told + origin),
    ];
    if (id === chosen) return h("li", { "data-state": state, "aria-current": "true" }, ...line);
    const button = h("button", { type: "button", class: "link", "aria-label": `Show: ${title}, ${told}` }, "show");
    button.addEventListener("click", () => void this.#again(id).then(() => this.#panel.focus()));
    return h("li", { "data-state": state }, ...line, button);
  }

  #close(): void {
    this.#chosen = undefined;
    if (this.#panel.hide()) this.#rows.focusChosen();
    this.#rows.choose(undefined);
  }
}

const VIAS: Readonly<Record<string, string>> = { queue: "the queue", replay: "a replay" };

function factsOf(delivery: Delivery): HTMLElement[] {
  const { id, at, source, provider, event_type, event_id, key, via, secret, status, origin_status, notes } = delivery;
  return facts({
    Arrived: time(at),
    Source: source,
    Provider: provider,
    "Event type": event_type,
    "Event id": event_id,
    By: own(VIAS, via),
    "Secret that fits": secret === null ? null : `${secret + 1}`,
    "Sender answered": status === null ? null : String(status),
    "Origin's answer": origin_status === null ? null : String(origin_status),
    Notes: notes?.join(", "),
    Key: key,
    "Line in the log": String(id),
  });
}
