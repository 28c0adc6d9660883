// Compiled by types.test.mjs, never run: what TypeScript must see of the adapters, and what it must refuse.

import { createServer } from "node:http";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { Redis } from "ioredis";
import Keyv from "keyv";
import { createClient } from "redis";
import { createVerifier, type AudianCallCompleted, type Event } from "hookwarden";
import { webhook as forExpress, type Webhook } from "hookwarden/express";
import { webhook as forFastify } from "hookwarden/fastify";
import { webhook as forFetch } from "hookwarden/fetch";
import { webhook as forHono } from "hookwarden/hono";
import { webhook as forNode, type Rejection } from "hookwarden/node";
import { keyvStore, kvStore, memoryStore, redisStore, type DedupeStore } from "hookwarden/stores";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<T extends true>(): T | void {}

const environment: Record<string, string | undefined> = {};
const options = { secret: environment["AUDIAN_SECRET"] };
const verifier = createVerifier("audian", options);

// Express: any provider's events, since a request does not know its route.
const app = express();
app.post("/webhooks", forExpress("audian", options), (req, res) => {
  same<Equal<typeof req.webhook, Webhook | undefined>>();
  const event = req.webhook?.event;
  if (event?.known && event.type === "call.completed") same<Equal<typeof event.data, AudianCallCompleted>>();
  const own = req.webhook as Webhook<"audian">;
  same<Equal<typeof own.event, Event<"audian">>>();
  res.sendStatus(204);
});
app.use(forExpress(verifier), forExpress(() => verifier, { dedupe: memoryStore({ max: 10 }), lease: 5, fail: "closed" }));

// Fastify
const server = fastify();
server.register(async (scope) => {
  scope.register(forFastify("audian", options));
  scope.post("/webhooks", async (request) => {
    same<Equal<typeof request.webhook, Webhook | undefined>>();
    return request.webhook?.event.id;
  });
});

// Hono, Fetch and node:http know the provider.
new Hono().post("/webhooks", forHono("audian", options), (c) => {
  same<Equal<typeof c.var.webhook, Webhook<"audian">>>();
  const { event } = c.var.webhook;
  if (event.known && event.type === "call.completed") same<Equal<typeof event.data, AudianCallCompleted>>();
  return c.body(null, 204);
});
export const POST = forFetch("audian", options, (webhook, request) => {
  same<Equal<typeof webhook, Webhook<"audian">>>();
  same<Equal<typeof request, Request>>();
  return Response.json(webhook.event.id);
});
const inWorkers = forFetch(() => verifier, {}, (webhook, _, env: { NAME: string }) => {
  same<Equal<typeof webhook, Webhook<"audian">>>();
  console.log(env.NAME);
});
inWorkers(new Request("https://example.com"), { NAME: "x" }) satisfies Promise<Response>;
createServer(forNode(verifier, {}, async (webhook, request, response) => {
  same<Equal<typeof webhook, Webhook<"audian">>>();
  response.writeHead(request.complete ? 204 : 500).end();
}));

// Hooks
const rejected = ({ code, status, verdict }: Rejection) => console.log(code === "body_cut_short", status, verdict?.code);
forHono("audian", {
  ...options,
  maxBodyBytes: 10,
  onRejected: rejected,
  onAccepted: async (webhook) => same<Equal<typeof webhook, Webhook<"audian">>>(),
  onDuplicate: (webhook, state) => same<Equal<typeof state, "settled" | "in_flight">>(),
  onError: (error) => same<Equal<typeof error, unknown>>(),
});

// Stores
const stores: DedupeStore[] = [
  redisStore(new Redis()), redisStore(createClient()), redisStore(async ([name]) => name), keyvStore(new Keyv()),
  kvStore({ get: async () => null, put: async () => {} }, { prefix: "x" }),
  { claim: () => "claimed", settle() {}, release: async () => {} },
];
export { stores };

// @ts-expect-error: no such provider
forExpress("audain", options);
// @ts-expect-error: no secret
forExpress("audian", {});
// @ts-expect-error: misspelt
forHono("audian", { secret: "s", dedup: memoryStore() });
// @ts-expect-error: the secret belongs to the verifier
forExpress(verifier, { secret: "s" });
// @ts-expect-error: a provider with several schemes needs one named
forFastify("meeting-baas", { secret: "s" });
// @ts-expect-error: a handler is needed
forFetch("audian", options);
// @ts-expect-error: no store
forNode("audian", { secret: "s", dedupe: new Map() }, () => {});
// @ts-expect-error: a claim says one of three things
({ claim: () => "mine", settle() {}, release() {} }) satisfies DedupeStore;
