// Times as the dashboard shows them: those of the reader's own place, with UTC for whoever hovers.

import { shownTime } from "../delivery/time.js";
import { h } from "../view/dom.js";

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const MINUTE = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

const dateOf = (seconds: number) => new Date(seconds * 1000);
const isValid = (seconds: number) => Number.isFinite(dateOf(seconds).getTime());

export function isToday(seconds: number): boolean {
  return dateOf(seconds).toDateString() === new Date().toDateString();
}

/** 17:40:12, with the day before it where that is another one. */
export function clock(seconds: number): string {
  if (!isValid(seconds)) return String(seconds);
  const time = CLOCK.format(dateOf(seconds));
  return isToday(seconds) ? time : `${DAY.format(dateOf(seconds))}, ${time}`;
}

export const minute = (seconds: number): string => MINUTE.format(dateOf(seconds));
export const day = (seconds: number): string => DAY.format(dateOf(seconds));

export function time(seconds: number, className?: string): HTMLTimeElement {
  const iso = isValid(seconds) ? dateOf(seconds).toISOString() : undefined;
  return h("time", { datetime: iso, title: shownTime(seconds), class: className }, clock(seconds));
}

/** What a `datetime-local` field has for a time, and back. */
export function fieldOf(seconds: number): string {
  const date = dateOf(seconds);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function secondsOf(field: string): number | undefined {
  const ms = field === "" ? NaN : new Date(field).getTime();
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}
