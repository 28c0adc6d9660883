// Verdicts over time: bars for who sees them, a table with the same numbers for everybody.

import { h } from "../view/dom.js";
import type { Count } from "./api.js";
import { day, minute } from "./times.js";
import { counted } from "./words.js";

/** From the bottom of a bar to its top. */
const SERIES = [
  { id: "accepted", title: "Accepted" },
  { id: "stopped", title: "Genuine, not delivered" },
  { id: "rejected", title: "Rejected" },
] as const;
type Series = (typeof SERIES)[number]["id"];

export interface Bar {
  /** Unix seconds. */
  readonly at: number;
  readonly of: Readonly<Record<Series, number>>;
}

/** The steps that bars may have, in seconds: multiples of what the log counts by. */
const STEPS = [300, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 604_800];
const MOST_BARS = 60;

/** How many seconds a bar is about, so that there are not too many. */
export function stepFor(from: number, to: number): number {
  return STEPS.find((step) => (to - from) / step <= MOST_BARS) ?? 2_592_000;
}

const seriesOf = ({ verdict, code }: Count): Series =>
  verdict !== "accepted" ? "rejected" : code === null ? "accepted" : "stopped";

/** A bar for every step from the first to the last time, also where nothing arrived. */
export function barsOf(counts: readonly Count[], step: number, from: number, to: number): Bar[] {
  const bars = new Map<number, Record<Series, number>>();
  for (let at = Math.floor(from / step) * step; at <= to && bars.size < 500; at += step) {
    bars.set(at, { accepted: 0, stopped: 0, rejected: 0 });
  }
  for (const count of counts) {
    const bar = bars.get(Math.floor(count.at / step) * step);
    if (bar !== undefined) bar[seriesOf(count)] += count.count;
  }
  return [...bars].map(([at, of]) => ({ at, of }));
}

export function totals(bars: readonly Bar[]): Record<Series, number> {
  const sum = { accepted: 0, stopped: 0, rejected: 0 };
  for (const { of } of bars) for (const { id } of SERIES) sum[id] += of[id];
  return sum;
}

/** The totals as the chart's legend. */
export function legend(bars: readonly Bar[]): HTMLElement[] {
  const sum = totals(bars);
  return SERIES.map(({ id, title }) =>
    h(
      "li",
      { "data-series": id },
      h("span", { class: "swatch", "aria-hidden": "true" }),
      `${title} `,
      h("strong", {}, sum[id].toLocaleString("en")),
    ),
  );
}

const NS = "http://www.w3.org/2000/svg";

function svg(tag: string, attributes: Readonly<Record<string, string | number>>, ...children: (Node | string)[]) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

const HEIGHT = 150;
const LEFT = 40;
const TOP = 8;
const BOTTOM = 22;

/** Draws into an `<svg>` that is so many pixels wide. */
export function draw(chart: Element, bars: readonly Bar[], step: number, width: number): void {
  const most = ceiling(Math.max(1, ...bars.map(({ of }) => sumOf(of))));
  const floor = HEIGHT - BOTTOM;
  const y = (count: number) => floor - (count / most) * (floor - TOP);
  const each = (width - LEFT) / Math.max(bars.length, 1);
  const marks = most === 1 ? [0, 1] : [0, most / 2, most];
  const grid = marks.flatMap((count) => [
    svg("line", { class: "grid", x1: LEFT, x2: width, y1: y(count), y2: y(count) }),
    svg("text", { class: "mark", x: LEFT - 6, y: y(count) + 4, "text-anchor": "end" }, short(count)),
  ]);
  const columns = bars.map(({ at, of }, index) => {
    const x = LEFT + index * each;
    let below = 0;
    const parts = SERIES.filter(({ id }) => of[id] > 0).map(({ id }) => {
      const [bottom, top] = [y(below), y((below += of[id]))];
      // Also one among thousands is seen.
      const height = Math.max(bottom - top, 1.5);
      const gap = Math.min(each * 0.2, 3);
      return svg("rect", { "data-series": id, x: x + gap / 2, width: Math.max(each - gap, 1), y: bottom - height, height });
    });
    const title = svg("title", {}, `${when(at, step)}: ${said(of)}`);
    const field = svg("rect", { class: "field", x, width: each, y: TOP, height: floor - TOP });
    return svg("g", { class: "column" }, title, field, ...parts);
  });
  chart.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  chart.setAttribute("height", String(HEIGHT));
  chart.setAttribute("aria-label", `Verdicts over time: ${said(totals(bars))}. A table below the chart has all numbers.`);
  chart.replaceChildren(...grid, ...columns, ...timeMarks(bars, step, width, each));
}

function timeMarks(bars: readonly Bar[], step: number, width: number, each: number): Element[] {
  const every = Math.max(1, Math.ceil(bars.length / Math.max(2, Math.floor(width / 110))));
  return bars.flatMap(({ at }, index) => {
    const x = LEFT + index * each;
    if (index % every !== 0 || x > width - 40) return [];
    return [svg("text", { class: "mark", x, y: HEIGHT - 5 }, bars.length * step > 129_600 ? day(at) : minute(at))];
  });
}

/** Every step in which something arrived, the newest first. */
export function rows(bars: readonly Bar[], step: number): HTMLTableRowElement[] {
  return bars
    .filter(({ of }) => sumOf(of) > 0)
    .reverse()
    .map(({ at, of }) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, when(at, step)),
        ...SERIES.map(({ id }) => h("td", {}, of[id].toLocaleString("en"))),
      ),
    );
}

const sumOf = (of: Bar["of"]): number => of.accepted + of.stopped + of.rejected;
const said = ({ accepted, stopped, rejected }: Bar["of"]): string =>
  `${counted(accepted, "accepted", "accepted")}, ${stopped} genuine but not delivered, ${rejected} rejected`;
const when = (at: number, step: number): string => (step >= 86_400 ? day(at) : `${day(at)}, ${minute(at)}`);

/** The next number that people like to read, even so that half of it is one, too. */
function ceiling(count: number): number {
  if (count <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(count));
  const step = [1, 2, 4, 6, 8, 10].find((step) => count <= step * power) ?? 10;
  return Math.max(2, step * power);
}

const short = (count: number): string => count.toLocaleString("en", { notation: "compact" });
