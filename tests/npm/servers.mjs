// A real server of each framework, with one route for webhooks. What a test's handler gives as `status` is the answer.

import { createServer } from "node:http";
import { once } from "node:events";
import { serve } from "@hono/node-server";
import express5 from "express";
import express4 from "express-4";
import fastify from "fastify";
import { Hono } from "hono";
import { webhook as forExpress } from "../../pkg/dist/express.js";
import { webhook as forFastify } from "../../pkg/dist/fastify.js";
import { webhook as forFetch } from "../../pkg/dist/fetch.js";
import { webhook as forHono } from "../../pkg/dist/hono.js";
import { webhook as forNode } from "../../pkg/dist/node.js";

/** Waits until a server listens on a port of its own: `{ port, stop }`. */
export async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function expressServer(express) {
  return ({ source, options, handler }) => {
    const app = express();
    app.use("/webhooks", forExpress(source, options), (req, res, next) => {
      Promise.resolve(handler(req.webhook, req.body)).then((status) => res.sendStatus(status), next);
    });
    // For every other route, as in most programs: comes later and must not disturb.
    app.use(express.json());
    app.use((error, req, res, next) => res.status(500).json({ error: error.code ?? error.message }));
    return listen(createServer(app));
  };
}

async function fastifyServer({ source, options, handler }) {
  const app = fastify();
  app.register(async (scope) => {
    scope.register(forFastify(source, options));
    scope.route({
      method: ["GET", "POST"], url: "/webhooks",
      handler: async (request, reply) => reply.code(await handler(request.webhook, request.body)).send(),
    });
  });
  await app.ready();
  return listen(app.server);
}

function honoServer({ source, options, handler }) {
  const app = new Hono();
  app.all("/webhooks", forHono(source, options), async (c) => {
    const { webhook } = c.var;
    return c.body(null, await handler(webhook, webhook.payload === undefined ? undefined : await c.req.json()));
  });
  app.onError((error, c) => c.json({ error: error.code ?? error.message }, 500));
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
      resolve({ port, stop: () => (server.closeAllConnections(), new Promise((closed) => server.close(closed))) }));
  });
}

function nodeServer({ source, options, handler }) {
  return listen(createServer(forNode(source, options, async (webhook, request, response) => {
    response.writeHead(await handler(webhook, webhook.payload)).end();
  })));
}

/** The Fetch adapter behind the server that frameworks put before such handlers. */
function fetchServer({ source, options, handler }) {
  const answer = forFetch(source, options, async (webhook) =>
    new Response(null, { status: await handler(webhook, webhook.payload) }));
  return new Promise((resolve) => {
    const server = serve({ fetch: answer, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
      resolve({ port, stop: () => (server.closeAllConnections(), new Promise((closed) => server.close(closed))) }));
  });
}

/** `hangsUp`: what becomes of a claim when the sender hangs up while the handler runs. */
export const FRAMEWORKS = [
  { name: "Express 4", start: expressServer(express4), hangsUp: "released" },
  { name: "Express 5", start: expressServer(express5), hangsUp: "released" },
  { name: "Fastify 5", start: fastifyServer, hangsUp: "released" },
  { name: "Hono", start: honoServer, hangsUp: "settled" },
  { name: "node:http", start: nodeServer, hangsUp: "released" },
  { name: "Fetch", start: fetchServer, hangsUp: "settled" },
];
