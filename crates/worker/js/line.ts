// A line about a delivery: printed, and one data point in Analytics Engine where a dataset is bound. The gateway in
// WebAssembly calls it by its global name.

import type { Env } from "./env.js";

/** What a point is made of, as the line has it. */
interface Line {
  readonly via: string;
  readonly source: string | null;
  readonly provider: string | null;
  readonly verdict: string;
  readonly code: string | null;
  readonly event_type: string | null;
  readonly schema: string | null;
  readonly duplicate: boolean;
  readonly notes?: readonly string[];
  readonly status: number | null;
  readonly origin_status: number | null;
  readonly body_ms?: number | null;
  readonly store_ms?: number | null;
  readonly origin_ms?: number | null;
}

let dataset: AnalyticsEngineDataset | undefined;

/** Takes the dataset, if there is one. */
export function usePoints({ ANALYTICS }: Env): void {
  dataset = ANALYTICS;
}

export function print(line: string): void {
  console.log(line);
  if (dataset === undefined) return;
  try {
    dataset.writeDataPoint(pointOf(JSON.parse(line) as Line));
  } catch {
    // A point is never worth a delivery.
    console.error("hookwarden: a data point could not be written");
  }
}

/** README says what stands where: what is there keeps its place. */
function pointOf(line: Line): AnalyticsEngineDataPoint {
  const { via, source, provider, verdict, code, event_type, schema, duplicate, notes = [] } = line;
  const { status, origin_status, body_ms, store_ms, origin_ms } = line;
  const words = [
    via,
    source,
    provider,
    verdict,
    code,
    event_type,
    schema,
    duplicate ? "duplicate" : "",
    notes.join(" "),
  ];
  return {
    indexes: [source ?? ""],
    blobs: words.map((word) => word ?? ""),
    doubles: [status, origin_status, body_ms, store_ms, origin_ms].map((number) => number ?? 0),
  };
}

Object.assign(globalThis, { hookwardenLine: print });
