// What became of one delivery, stage by stage, from its line in the log.

import type { State } from "../delivery/stages.js";
import type { Delivery } from "./api.js";
import { isReason, meaning, own, reasonOf } from "./words.js";

export interface StoryStage {
  readonly id: StageId;
  readonly title: string;
  readonly state: State;
  readonly says: string;
}

type StageId = "arrival" | "signature" | "time" | "payload" | "schema" | "claim" | "relay" | "answer";

/** At which stage a delivery with this code ends. */
const STAGE_OF: Readonly<Record<string, StageId>> = Object.fromEntries(
  Object.entries({
    arrival: [
      "source_unknown",
      "method_not_allowed",
      "rate_limited",
      "overloaded",
      "encoding_unsupported",
      "payload_too_large",
      "source_misconfigured",
    ],
    signature: ["signature_missing", "signature_malformed", "signature_mismatch", "id_missing"],
    time: ["timestamp_missing", "timestamp_malformed", "timestamp_too_old", "timestamp_too_new"],
    payload: ["payload_not_json", "payload_too_deep", "duplicate_key", "event_type_missing", "unknown_event"],
    schema: ["schema_violation", "schema_too_complex"],
    claim: ["in_flight", "store_unavailable"],
    relay: ["origin_unreachable", "origin_redirected", "origin_timeout"],
  }).flatMap(([stage, codes]) => codes.map((code) => [code, stage as StageId])),
);
const ORDER: readonly StageId[] = [
  "arrival",
  "signature",
  "time",
  "payload",
  "schema",
  "claim",
  "relay",
  "answer",
];
const TITLES: Readonly<Record<StageId, string>> = {
  arrival: "Arrival",
  signature: "Signature",
  time: "Time",
  payload: "Event",
  schema: "Schema",
  claim: "Seen before?",
  relay: "Relay",
  answer: "Answer",
};

type Said = readonly [State, string];

export interface Headline {
  readonly state: "accepted" | "rejected" | "open";
  readonly title: string;
  readonly says: string;
}

export function headlineOf(delivery: Delivery): Headline {
  const { verdict, code, detail, duplicate, via, origin_status, notes = [] } = delivery;
  const why = code === null ? "" : meaning(code) + (detail === undefined ? "" : ` (${detail})`);
  if (verdict !== "accepted") return { state: "rejected", title: "Rejected", says: why };
  // Genuine, but stopped before the origin had it.
  if (code !== null) return { state: "open", title: "Not delivered", says: why };
  const [noted] = notes.flatMap((note) => own(NOTED, note) ?? []);
  if (noted !== undefined) return { state: "accepted", ...noted };
  if (duplicate) return { state: "accepted", title: "Duplicate", says: "The event was known, so it was not relayed again." };
  if (origin_status !== null && !isSuccess(origin_status)) {
    const says = `The origin answered ${origin_status}, so the event does not count as delivered.`;
    return { state: "open", title: "Not delivered", says };
  }
  const how = via === "queue" ? " from the queue" : via === "replay" ? " by a replay" : "";
  return { state: "accepted", title: "Delivered", says: `Genuine, and accepted by the origin${how}.` };
}

const NOTED: Readonly<Record<string, Pick<Headline, "title" | "says">>> = {
  handshake: { title: "Handshake", says: "The provider checked the address, and was answered. It is no event." },
  dropped: { title: "Dropped", says: "Genuine. A route of its source drops this event." },
  queued: { title: "Queued", says: "Genuine. It is relayed from the queue." },
};

export function storyOf(delivery: Delivery): StoryStage[] {
  // What is relayed later was judged when it arrived.
  const ids = delivery.via === "sender" ? ORDER : (["claim", "relay"] as const);
  return ids.map((id) => {
    const [state, says] = ended(delivery, id) ?? SAYS[id](delivery);
    return { id, title: TITLES[id], state, says };
  });
}

const SAYS: Readonly<Record<StageId, (delivery: Delivery) => Said>> = {
  arrival: ({ source, provider, body_ms }) => {
    const whose = provider === null ? "" : `, provider ${provider}`;
    const took = typeof body_ms === "number" ? ` Its body was read in ${body_ms} ms.` : "";
    return ["pass", source === null ? "To no source." : `To the source ${source}${whose}.${took}`];
  },
  signature: (delivery) => {
    const { secret, code } = delivery;
    // The times that are judged last are those of signatures that are right.
    if (code === "timestamp_too_old" || code === "timestamp_too_new") return ["pass", "Right."];
    const which = secret === null ? "" : ` It fits secret ${secret + 1}.`;
    return unread(delivery) ?? ["pass", `Right.${which}`];
  },
  time: (delivery) => unread(delivery) ?? ["pass", "Within the tolerance, or not signed."],
  payload: (delivery) => {
    const { event_type, event_id } = delivery;
    const id = event_id === null ? "" : `, id ${event_id}`;
    return event_type === null ? ["none", "It names no event type."] : ["pass", `${event_type}${id}.`];
  },
  schema: ({ schema, notes = [], violations = [] }) => {
    if (notes.includes("schema_unavailable")) return ["warn", "Its schema could not be read, so nothing was refused."];
    if (schema === "invalid") return ["warn", `The payload breaks it.${places(violations)} It was not refused for that.`];
    return own(SCHEMAS, schema ?? "off") ?? ["none", String(schema)];
  },
  claim: ({ duplicate, key, store_ms, notes = [] }) => {
    if (notes.includes("store_unavailable")) return ["warn", "The store did not answer: it may have been relayed before."];
    if (key === null || notes.includes("handshake")) return ["none", "Nothing to remember."];
    const took = typeof store_ms === "number" ? ` The store took ${store_ms} ms.` : "";
    return ["pass", (duplicate ? "Yes." : "No, it is new.") + took];
  },
  relay: (delivery) => {
    const { origin_status, origin_ms, duplicate, notes = [] } = delivery;
    if (origin_status === null) {
      if (notes.includes("dropped")) return ["none", "Dropped by a route of its source."];
      if (notes.includes("queued")) return ["wait", "Later, from the queue."];
      return ["none", duplicate ? "Not again." : "The origin was not asked."];
    }
    const took = typeof origin_ms === "number" ? ` after ${origin_ms} ms` : "";
    if (!isSuccess(origin_status)) return ["fail", `The origin answered ${origin_status}${took}.${later(delivery)}`];
    const accepted = `The origin accepted it with ${origin_status}${took}.`;
    const isForgotten = notes.includes("settle_failed");
    return isForgotten ? ["warn", `${accepted} That could not be remembered: it may be relayed again.`] : ["pass", accepted];
  },
  answer: ({ status, notes = [] }) => {
    if (status === null) return ["none", "Nobody waits for one."];
    const reason = notes.find(isReason);
    const buried = reason === undefined ? "" : " The event was kept as a dead letter.";
    return [status < 400 ? "pass" : "fail", `The sender was answered ${status}.${buried}`];
  },
};

const SCHEMAS: Readonly<Record<string, Said>> = {
  valid: ["pass", "The payload has the shape of its event."],
  unknown_event: ["none", "There is no schema for this event."],
  off: ["none", "Not looked at."],
};

/** What to say where the delivery ended at this stage, or before it. */
function ended(delivery: Delivery, id: StageId): Said | undefined {
  const { code, detail, violations = [] } = delivery;
  const at = own(STAGE_OF, code);
  if (code === null || at === undefined || id === "answer") return undefined;
  if (ORDER.indexOf(at) < ORDER.indexOf(id)) return ["wait", "Not reached."];
  if (at !== id) return undefined;
  const about = detail === undefined ? "" : ` (${detail})`;
  const more = id === "schema" ? places(violations) : id === "relay" ? later(delivery) : "";
  return ["fail", meaning(code) + about + more];
}

/** Some schemes sign what has to be read first. What is authentic has a key. */
function unread({ key, code, notes = [] }: Delivery): Said | undefined {
  const isJudged = key !== null || code === null || notes.includes("handshake");
  return isJudged ? undefined : ["wait", "Not judged, as what it needs is missing or cannot be read."];
}

const places = (violations: readonly string[]): string =>
  violations.length === 0 ? "" : ` At ${violations.join("; ")}.`;

function later({ retry_seconds, notes = [] }: Delivery): string {
  const reason = notes.find(isReason);
  if (reason !== undefined) return ` It was kept as a dead letter. ${reasonOf(reason)}`;
  return retry_seconds === undefined ? "" : ` The queue tries again after ${retry_seconds} s.`;
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;
