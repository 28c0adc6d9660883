// The time at which a delivery is judged, as people write times.

/** Unix seconds; `undefined` for the present; `null` for what is no time. */
export function readTime(text: string): number | undefined | null {
  const given = text.trim();
  if (given === "" || /^now$/i.test(given)) return undefined;
  if (/^\d{1,12}$/.test(given)) return Number(given);
  // Milliseconds, which other tools show.
  if (/^\d{13}$/.test(given)) return Math.floor(Number(given) / 1000);
  // Without a zone it would be read as local time; the pages of providers show UTC.
  const zoned = /(?:Z|[+-]\d\d:?\d\d|GMT|UTC)$/i.test(given) ? given : `${given}Z`;
  const time = Date.parse(/^\d{4}-\d\d-\d\d(?:[T ]|$)/.test(given) ? isoOf(zoned) : given);
  return Number.isFinite(time) ? Math.floor(time / 1000) : null;
}

function isoOf(text: string): string {
  const iso = text.replace(" ", "T").replace(/\s*(?:UTC|GMT)$/i, "Z");
  return /^\d{4}-\d\d-\d\dZ$/.test(iso) ? iso.replace("Z", "T00:00Z") : iso;
}

/** 2026-11-21 17:40:00 UTC */
export function shownTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** How far two times are apart, roughly. */
export function distance(seconds: number): string {
  const units: [number, string][] = [
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];
  const all = Math.abs(Math.round(seconds));
  const [length, unit] = units.find(([length]) => all >= 2 * length) ?? [1, "second"];
  const count = Math.round(all / length);
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
