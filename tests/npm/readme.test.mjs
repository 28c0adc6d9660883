// The first program of each README, as it stands there, in an empty project that has the package.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { sign } from "../../scripts/sign.mjs";
import { project, text } from "./packed.mjs";

for (const readme of ["README.md", "pkg/README.md"]) {
  test(readme, async (t) => {
    const { folder, write } = project(t, { type: "module" });
    const [, program] = /^```js\n(import \{ createServer \}.*?)^```/ms.exec(text(readme));
    const port = await freePort();
    assert.ok(program.includes(".listen(3000)"));
    write("server.js", program.replace(".listen(3000)", `.listen(${port}, "127.0.0.1")`));
    const server = spawn(process.execPath, ["server.js"], {
      cwd: folder, env: { ...process.env, AUDIAN_SECRET: "test secret" }, stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => server.kill());
    let printed = "";
    server.stdout.on("data", (chunk) => (printed += chunk));

    const body = JSON.stringify({ id: "evt_1", event: "call.failed", timestamp: "2024-01-15T10:30:00Z", data: {} });
    const headers = Object.fromEntries(sign("audian", "hmac", { secret: "test secret", body }));
    const post = (body) => fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body });
    assert.equal((await untilUp(() => post(body))).status, 204);
    assert.equal((await post(`${body} `)).status, 401);
    server.kill();
    await once(server, "exit");
    assert.match(printed, /call\.failed/);
    assert.match(printed, /signature_mismatch/);
  });
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function untilUp(request) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await request();
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
