// Compiled by types.test.mjs, never run: what TypeScript must see, and (with @ts-expect-error) what it must refuse.

import {
  compileSchema, createVerifier, HookwardenError, providers, sign, WebhookError,
  type Accepted, type AudianCallCompleted, type Code, type Event, type EventType, type KnownEvent, type Rejected,
  type UnknownEvent, type Verdict,
} from "hookwarden";
import { CODES } from "hookwarden/errors";
import type { Explanation } from "hookwarden/explain";
import stripe from "hookwarden/schemas/stripe";
import { init } from "hookwarden/slim";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<T extends true>(): T | void {}

const environment: Record<string, string | undefined> = {};
const verifier = createVerifier("audian", { secret: environment["AUDIAN_SECRET"] });
const verdict = verifier.verify(new Headers(), new Uint8Array());

// The verdict first.
same<Equal<typeof verdict, Verdict<"audian">>>();
if (verdict.verdict === "accepted") {
  same<Equal<typeof verdict, Accepted<"audian">>>();
  same<Equal<typeof verdict.key, string>>();
  same<Equal<typeof verdict.code, null>>();
} else {
  same<Equal<typeof verdict, Rejected<"audian">>>();
  same<Equal<typeof verdict.code, Code>>();
  // @ts-expect-error: an event is known only once the delivery is authenticated
  verdict.event.type;
}

// Then `known`, then the type.
const { event } = verifier.assert({ "x-audian-signature": "", host: undefined, accept: ["a", "b"] }, "{}");
same<Equal<typeof event, Event<"audian">>>();
if (event.known) {
  same<Equal<typeof event, KnownEvent<"audian">>>();
  same<Equal<typeof event.type, EventType<"audian">>>();
  switch (event.type) {
    case "call.completed":
      same<Equal<typeof event.data, AudianCallCompleted>>();
      same<Equal<typeof event.data.data.duration, number | undefined>>();
      same<Equal<typeof event.data.event, "call.completed">>();
      // @ts-expect-error: no such field is published
      event.data.data.durration;
      break;
    case "call.answered":
      same<Equal<typeof event.data.data.time_to_answer, number | undefined>>();
      // @ts-expect-error: another event's field
      event.data.data.duration;
      break;
    case "call.failed":
    case "call.initiated":
    case "call.ringing":
    case "recording.completed":
      break;
    // @ts-expect-error: no such event
    case "call.complete":
      break;
    default:
      same<Equal<typeof event, never>>();
  }
} else {
  same<Equal<typeof event, UnknownEvent>>();
  same<Equal<typeof event.type, string | null>>();
  same<Equal<typeof event.data, unknown>>();
  // @ts-expect-error: nothing is known of it
  event.data.id;
}
// @ts-expect-error: `data` is typed only where the schema was found valid
event.data.data;

// Every provider's events.
same<Equal<EventType<"mobile-assistant">, "test.completed" | "transcript.completed">>();
declare const attendee: KnownEvent<"attendee">;
if (attendee.type === "bot.state_change") same<Equal<typeof attendee.data.trigger, "bot.state_change">>();

// Any provider, where it is only known at run time.
const name = providers()[0]!.name;
const any = createVerifier(name, { secret: "s" }).verify([], "");
if (any.event?.known && any.event.type === "call.completed") any.event.data.data.call_id;

// Options.
createVerifier("meeting-baas", { secret: "s", scheme: "svix", tolerance: 60, now: () => 0 });
createVerifier("audian", { secrets: ["new", "old"], schema: "enforce", unknownEvents: "refuse", source: "eu" });
// @ts-expect-error: a provider with several schemes needs one named
createVerifier("meeting-baas", { secret: "s" });
// What a module of schemas is given for is typed as the provider's events are.
const charged = createVerifier("stripe", { secret: "s", schemas: stripe, schema: "observe" }).verify([], "").event;
if (charged?.known && charged.type === "customer.created") same<Equal<typeof charged.data.type, "customer.created">>();
// One of theirs is preferred.
createVerifier("github", { secret: "s" });
createVerifier("standard-webhooks", { secret: "s", scheme: "ed25519" });
// @ts-expect-error: no scheme of this provider
createVerifier("audian", { secret: "s", scheme: "svix" });
// @ts-expect-error: no such provider
createVerifier("audain", { secret: "s" });
// @ts-expect-error: misspelt
createVerifier("audian", { secert: "s" });
// @ts-expect-error: one or the other
createVerifier("audian", { secret: "s", secrets: ["s"] });
// @ts-expect-error: a secret is needed
createVerifier("audian", {});

// Schemas of one's own come first, and only they say what such an event is.
const own = createVerifier("audian", {
  secret: "s",
  schemas: { "call.completed": { type: "object" }, "recording.*": true, "call.paused": "true" },
  schemaModes: { "*": "observe" },
}).assert([], "");
if (own.event.known) {
  if (own.event.type === "call.completed") same<Equal<typeof own.event.data, unknown>>();
  if (own.event.type === "call.paused") same<Equal<typeof own.event.data, unknown>>();
  if (own.event.type === "recording.completed") same<Equal<typeof own.event.data, unknown>>();
  if (own.event.type === "call.answered") same<Equal<typeof own.event.data.event, "call.answered">>();
}
interface Paused { event: "call.paused"; since: number }
const typed = createVerifier<"audian", { "call.paused": Paused }>("audian", {
  secret: "s",
  schemas: { "call.paused": { type: "object" } },
}).assert([], "");
if (typed.event.known && typed.event.type === "call.paused") same<Equal<typeof typed.event.data, Paused>>();
// @ts-expect-error: no schema
createVerifier("audian", { secret: "s", schemas: { "call.paused": 5 } });
// @ts-expect-error: no mode
createVerifier("audian", { secret: "s", schemaModes: { "call.*": "strict" } });

// Headers and bodies.
verifier.verify([["a", "b"]], new ArrayBuffer(1), { now: 5, method: "POST" });
verifier.verify(new Map([["a", "b"]]), new DataView(new ArrayBuffer(1)));
verifier.verify(["a", "b"], "text");
// @ts-expect-error: a parsed body
verifier.verify({}, { event: "call.completed" });
// @ts-expect-error: no headers
verifier.verify(undefined, "");
// @ts-expect-error: a time is a number
verifier.verify({}, "", { now: new Date() });

// The rest.
const signed: Record<string, string> = sign("audian", "{}", { secret: "s", now: 1 });
verifier.sign("{}", { now: 1 });
const why: Explanation = verifier.explain({}, "{}", { otherSecrets: ["x"] });
same<Equal<typeof why.code, string | null>>();
const { valid, violations } = compileSchema({ type: "object" }, { formats: "assert" }).validate("{}");
same<Equal<typeof valid, boolean>>();
violations[0]?.line.toFixed();
init(new WebAssembly.Module(new Uint8Array()));
const status: 401 = CODES.signature_mismatch.status;
try {
  throw new HookwardenError("internal", "");
} catch (error) {
  if (error instanceof WebhookError) same<Equal<typeof error.code, Code>>();
}
export { signed, status };
