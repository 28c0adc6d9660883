// Starts a gateway in a process group of its own, kills it without a word, and starts it again on the same port and
// with the same storage.

import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("gateway-process.mjs", import.meta.url));

export async function startKillable(options) {
  const persist = mkdtempSync(join(tmpdir(), "hookwarden-chaos-"));
  const port = await freePort();
  let child;

  async function start() {
    child = fork(program, { detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    child.send({ ...options, persist, port });
    const [started] = await Promise.race([
      once(child, "message"),
      once(child, "exit").then(() => Promise.reject(new Error("the gateway's process ended at its start"))),
    ]);
    return started.urls[0];
  }

  /** With workerd, which is in the same process group: nothing of it gets to tidy up. */
  async function kill() {
    const exited = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await exited;
  }

  return {
    url: await start(),
    restart: start,
    kill,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await kill();
      rmSync(persist, { recursive: true, force: true });
    },
  };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
