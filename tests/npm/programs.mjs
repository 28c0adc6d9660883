// The programs of the READMEs, and whatever else is started in a project of its own.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { SECRET, until } from "./deliveries.mjs";
import { text } from "./packed.mjs";

/** The first program of a README that holds this line. */
export function program(readme, line) {
  const blocks = [...text(readme).matchAll(/^```[jt]s\n(.*?)^```/gms)].map(([, block]) => block);
  return blocks.find((block) => block.includes(line)) ?? assert.fail(`${readme} has no program with ${line}`);
}

/** Runs a server that has the secret until the test ends: `{ printed(), stop() }`, once it listens. */
export async function start(test, folder, port, ...args) {
  const server = spawn(process.execPath, args, {
    cwd: folder, env: { ...process.env, AUDIAN_SECRET: SECRET }, stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (chunk) => (output += chunk));
  const closed = once(server, "close");
  const stop = () => (server.kill("SIGKILL"), closed);
  test.after(stop);
  const listens = () => fetch(`http://127.0.0.1:${port}/`).then(() => true, () => server.exitCode !== null);
  await until(listens, "it does not listen", 60).catch(({ message }) => assert.fail(`${message}:\n${output}`));
  assert.equal(server.exitCode, null, output);
  return { printed: () => output, stop };
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
