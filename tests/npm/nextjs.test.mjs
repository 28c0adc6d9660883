// A project with Next.js and the packed package, built and served as its users do it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { assertProblem, event, headersOf, post, SECRET } from "./deliveries.mjs";
import { consumers, project } from "./packed.mjs";
import { freePort, program, start } from "./programs.mjs";

process.env.NEXT_TELEMETRY_DISABLED = "1";
const NEXT = join(consumers, "node_modules/next/dist/bin/next");

// Next.js looks for packages no further up than in its root.
const CONFIG = `import { dirname } from "node:path";
const root = dirname(import.meta.dirname);
export default { turbopack: { root }, outputFileTracingRoot: root };
`;

// As Next.js writes it itself, so that it leaves it as it is.
const TSCONFIG = {
  compilerOptions: {
    strict: true, noEmit: true, target: "ES2022", lib: ["ES2022", "DOM"], module: "ESNext", moduleResolution: "Bundler",
    jsx: "react-jsx", allowJs: true, esModuleInterop: true, resolveJsonModule: true, isolatedModules: true,
    skipLibCheck: true, incremental: true, types: ["node"], plugins: [{ name: "next" }],
  },
  include: [".next/types/**/*.ts", ".next/dev/types/**/*.ts", "app/**/*"],
  exclude: ["node_modules"],
};

// A route in TypeScript, which Next.js checks, also for what a route may export. Beside the request it gets a context.
const TYPED = `import { createVerifier } from "hookwarden";
import { webhook } from "hookwarden/fetch";
import { memoryStore } from "hookwarden/stores";

const verifier = () => createVerifier("audian", { secret: process.env.AUDIAN_SECRET });
const options = { dedupe: memoryStore(), maxBodyBytes: 1000 };

type Context = { params: Promise<{ account: string }> };

export const POST = webhook(verifier, options, async ({ event }, request, { params }: Context) => {
  const failed = event.known && event.type === "call.failed" ? event.data.id satisfies string : null;
  // @ts-expect-error so the types were found, and looked at
  if (event.known && event.type === "call.failed") event.data.id satisfies number;
  return Response.json({ failed, account: (await params).account, path: new URL(request.url).pathname });
});
`;

for (const bundler of ["turbopack", "webpack"]) {
  test(`Next.js, ${bundler}`, async (t) => {
    const { folder, write, run } = project(t, { within: consumers });
    write("next.config.mjs", CONFIG);
    write("tsconfig.json", JSON.stringify(TSCONFIG));
    write("app/webhooks/route.js", program("pkg/README.md", "app/webhooks/route.js"));
    write("app/[account]/webhooks/route.ts", TYPED);
    // Without the secret, as on a machine that builds.
    run(process.execPath, NEXT, "build", `--${bundler}`);
    const port = await freePort();
    const { printed, stop } = await start(t, folder, port, NEXT, "start", "--port", port, "--hostname", "127.0.0.1");

    const body = event("evt_1");
    assert.equal((await post(port, body)).status, 204);
    await assertProblem(await post(port, `${body} `, { headers: headersOf(body) }), 401, "signature_mismatch");
    await assertProblem(await post(port, event("x".repeat(2 ** 20))), 413, "payload_too_large");

    const typed = (text, init) => post(port, text, { path: "/acme/webhooks", ...init });
    const answer = await typed(body);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { failed: "evt_1", account: "acme", path: "/acme/webhooks" });
    const again = await typed(body);
    assert.deepEqual([again.status, again.headers.get("x-hookwarden-duplicate")], [200, "true"]);
    assert.equal(await again.text(), "");
    await assertProblem(await typed(`${body} `, { headers: headersOf(body) }), 401, "signature_mismatch");
    // Not declared, so that it is counted while it is read.
    const large = event("x".repeat(2000));
    const streamed = { headers: headersOf(large), body: new Blob([large]).stream(), duplex: "half" };
    await assertProblem(await typed(large, streamed), 413, "payload_too_large");

    await stop();
    assert.match(printed(), /call\.failed/);
    assert.match(printed(), /evt_1/, "the payload");
    assert.ok(!printed().includes(SECRET));
  });
}
