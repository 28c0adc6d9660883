// What docs/providers says to try, as it stands there: the commands in a shell, against the program of the page.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { root } from "./data.mjs";
import { project } from "./packed.mjs";

const pages = join(root, "docs/providers");
const names = readdirSync(pages).filter((file) => file !== "README.md").map((file) => file.replace(/\.md$/, ""));
const run = promisify(execFile);

/** The one block of a language. */
function block(page, language) {
  const blocks = [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))];
  assert.equal(blocks.length, 1, language);
  return blocks[0][1];
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function untilUp(port) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await fetch(`http://127.0.0.1:${port}/`);
    } catch (error) {
      if (tries === 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

test("the commands and programs of every provider's page", { concurrency: 2 }, async (t) => {
  // One project, in which the package and Express are installed as a user would have them.
  const { folder, write } = project(t, { type: "module" });
  symlinkSync(join(root, "node_modules/express"), join(folder, "node_modules/express"), "junction");

  const tried = names.map((name) => t.test(name, async (t) => {
    const page = readFileSync(join(pages, `${name}.md`), "utf8");
    const commands = block(page, "sh");
    const [, secret] = /--secret '([^']+)'/.exec(commands);
    const port = await freePort();
    const program = block(page, "js");
    assert.match(program, /listen\(3000\)/);
    write(`${name}.js`, program.replace("listen(3000)", `listen(${port})`));

    const variable = name.toUpperCase().replaceAll("-", "_");
    const env = { ...process.env, [`${variable}_SECRET`]: secret, [`${variable}_TOKEN`]: "a token" };
    const server = spawn(process.execPath, [`${name}.js`], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
    t.after(() => server.kill());
    let printed = "";
    server.stdout.on("data", (chunk) => (printed += chunk));
    await untilUp(port);

    const own = join(folder, `${name}-page`);
    mkdirSync(own);
    const cli = join(folder, "node_modules/hookwarden/dist/cli.js");
    const npx = `npx() { shift; "${process.execPath}" "${cli}" "$@"; }`;
    const shell = `set -e\n${npx}\n${commands.replaceAll(":3000/", `:${port}/`)}`;
    const { stdout } = await run("sh", ["-c", shell], { cwd: own });
    assert.match(stdout, /"verdict":"accepted"/, stdout);
    // Whoever signs with a public key's other half is not here.
    const posts = commands.split("http://127.0.0.1:3000/").length - 1;
    assert.equal(posts > 0, !/# A delivery of tests\/vectors/.test(commands));
    if (posts > 0) assert.notEqual(printed, "", "the handler was called");

    const { status } = await fetch(`http://127.0.0.1:${port}/webhooks`, { method: "POST", body: "{}" });
    assert.equal(status, 401, "unsigned");
    if (/handshakeToken/.test(program)) {
      const query = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=a%20token";
      const answer = await fetch(`http://127.0.0.1:${port}/webhooks?${query}`);
      assert.deepEqual([answer.status, await answer.text()], [200, "1158201444"]);
    }
  }));
  await Promise.all(tried);
  assert.ok(names.length >= 34);
});
