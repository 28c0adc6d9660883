// A project with NestJS and the packed package: compiled by TypeScript and served as its users do it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertProblem, event, headersOf, post } from "./deliveries.mjs";
import { consumers, project, tool } from "./packed.mjs";
import { freePort, program, start } from "./programs.mjs";

const TSCONFIG = {
  compilerOptions: {
    strict: true, exactOptionalPropertyTypes: true, target: "ES2022", module: "NodeNext", skipLibCheck: true,
    types: ["node"], experimentalDecorators: true, emitDecoratorMetadata: true, rootDir: ".", outDir: "out",
  },
  include: ["*.ts"],
};

const CONTROLLER = `import { Body, Controller, HttpCode, Post, Req } from "@nestjs/common";
import type { Request } from "express";

let failures = 0;

@Controller("webhooks")
export class WebhooksController {
  @Post()
  @HttpCode(201)
  receive(@Req() request: Request, @Body() body: { id: string }): object {
    const { event } = request.webhook!;
    if (event.id === "evt_fails_once" && (failures += 1) === 1) throw new Error("not now");
    return { type: event.type, id: body.id };
  }
}
`;

/** The README's module, with the imports that it leaves out. */
const main = (text, port) => `import { type MiddlewareConsumer, Module, type NestModule } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { NestExpressApplication } from "@nestjs/platform-express";
import { webhook } from "hookwarden/express";
import { memoryStore } from "hookwarden/stores";
import { WebhooksController } from "./controller.js";

${text}
await app.listen(${port}, "127.0.0.1");
`;

test("NestJS", async (t) => {
  const { folder, write, run } = project(t, { type: "module", within: consumers });
  const documented = program("pkg/README.md", "NestFactory");
  const once = documented.replace("AUDIAN_SECRET }", "AUDIAN_SECRET, dedupe: memoryStore() }");
  assert.notEqual(once, documented);
  write("tsconfig.json", JSON.stringify(TSCONFIG));
  write("controller.ts", CONTROLLER);
  const ports = { documented: await freePort(), once: await freePort() };
  write("documented.ts", main(documented, ports.documented).replace(/^.*memoryStore.*\n/m, ""));
  write("once.ts", main(once, ports.once));
  run(tool("tsc"));
  await Promise.all(Object.entries(ports).map(([name, port]) => start(t, folder, port, `out/${name}.js`)));

  const body = event("evt_1");
  for (const port of Object.values(ports)) {
    const genuine = await post(port, body);
    assert.equal(genuine.status, 201);
    assert.deepEqual(await genuine.json(), { type: "call.failed", id: "evt_1" });
    await assertProblem(await post(port, `${body} `, { headers: headersOf(body) }), 401, "signature_mismatch");
    const unsigned = { headers: { "content-type": "application/json" } };
    await assertProblem(await post(port, body, unsigned), 401, "signature_missing");
    // No parser of NestJS is for these.
    const plain = { headers: { ...headersOf(event("evt_2")), "content-type": "text/plain" } };
    assert.equal((await post(port, event("evt_2"), plain)).status, 201);
    const large = event("x".repeat(500_000));
    assert.equal((await post(port, large)).status, 201);
    assert.equal((await post(port, event("x".repeat(2 ** 20)))).status, 413);
  }

  assert.equal((await post(ports.documented, body)).headers.get("x-hookwarden-duplicate"), null);
  const again = await post(ports.once, body);
  assert.deepEqual([again.status, again.headers.get("x-hookwarden-duplicate"), await again.text()], [201, "true", ""]);
  const fails = event("evt_fails_once");
  assert.equal((await post(ports.once, fails)).status, 500);
  assert.equal((await post(ports.once, fails)).status, 201);
  assert.equal((await post(ports.once, fails)).headers.get("x-hookwarden-duplicate"), "true");
});
