// A gateway for development that stays up: every scheme of every provider has a source, and all of
// them relay to one origin. `cargo xtask dev --origin http://127.0.0.1:3000/hooks`

import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { everySource, root, secretName, start } from "./gateway.mjs";

const USAGE = "usage: dev --origin URL [--port N]";

/** Ends the run with one clear sentence. */
function fail(sentence, status = 1) {
  console.error(sentence);
  process.exit(status);
}

function options() {
  let values;
  try {
    const port = { type: "string", default: "8787" };
    ({ values } = parseArgs({ options: { origin: { type: "string" }, port } }));
  } catch (error) {
    fail(`${error.message}\n${USAGE}`, 2);
  }
  if (values.origin === undefined) fail(`--origin is missing: where shall good deliveries go?\n${USAGE}`, 2);
  const port = Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    fail(`--port ${values.port} is no port\n${USAGE}`, 2);
  }
  if (!/^https?:$/.test(URL.canParse(values.origin) ? new URL(values.origin).protocol : "")) {
    fail(`--origin ${values.origin} is no http or https URL\n${USAGE}`, 2);
  }
  return { origin: values.origin, port };
}

/** Whether something listens on the port already: workerd would only say so in many lines. */
async function inUse(port) {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    return error.code === "EADDRINUSE" || fail(`port ${port} cannot be used: ${error.message}`);
  }
  server.close();
  await once(server, "close");
  return false;
}

/** The variables of wrangler's .dev.vars file (`KEY=value`, quotes allowed), or null without one. */
function devVars() {
  const file = join(root, ".dev.vars");
  if (!existsSync(file)) return null;
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, key, value] = line.match(/^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/) ?? [];
      if (key === undefined) return [];
      const [, quote, quoted] = value.match(/^(["'`])(.*)\1$/) ?? [];
      if (quote === '"') return [[key, quoted.replaceAll("\\n", "\n")]];
      return [[key, quoted ?? value.replace(/\s+#.*$/, "")]];
    }),
  );
}

function example(url, secret) {
  return `
A delivery to try (each second it is a new event):

  secret='${secret}'
  body='{"event":"user.joined","timestamp":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'","data":{}}'
  signature=$(printf %s "$body" | openssl dgst -sha256 -hmac "$secret" | sed 's/^.* //')
  curl -i ${url}/efficlose -H "X-Webhook-Signature: sha256=$signature" \\
    -H 'Content-Type: application/json' --data-binary "$body"
`;
}

async function main() {
  const { origin, port } = options();
  const vars = devVars();
  const all = everySource();
  const secrets = vars ?? Object.fromEntries(all.map(({ source, secret }) => [secretName(source), secret]));
  const usable = all.filter(({ source }) => secrets[secretName(source)] !== undefined);
  if (usable.length === 0) {
    fail(`.dev.vars has no secret of a source: ${all.map(({ source }) => secretName(source)).join(", ")}`);
  }
  if (port !== 0 && (await inUse(port))) {
    fail(`Port ${port} is in use by another program: stop it, or choose another with --port.`);
  }

  const sources = Object.fromEntries(
    usable.map(({ source, provider, scheme }) => [source, { provider, scheme, origin, insecure_origin: true }]),
  );
  const token = vars?.ADMIN_TOKEN ?? randomBytes(18).toString("base64url");
  const onLine = (line) => console.log(line);
  const gateway = await start({ sources, secrets, port, page: true, vars: { ADMIN_TOKEN: token }, onLine });

  console.log(`The gateway runs on ${gateway.url} and relays to ${origin}. Ctrl-C ends it.\n`);
  console.log(`The page that says why a delivery fails: ${gateway.url}/_hookwarden/`);
  const shown = vars?.ADMIN_TOKEN === undefined ? token : "your ADMIN_TOKEN";
  console.log(`The dashboard, with the admin token ${shown}: ${gateway.url}/_hookwarden/dashboard.html\n`);
  console.log(`${vars ? "The secrets are those of" : "For this machine only, as there is no"} .dev.vars:`);
  for (const { source, secret } of usable) {
    console.log(`  ${`${gateway.url}/${source}`.padEnd(54)}${vars ? secretName(source) : secret}`);
  }
  const secret = vars ? "your EFFICLOSE_SECRET" : secrets.EFFICLOSE_SECRET;
  if (sources.efficlose) console.log(example(gateway.url, secret));

  // Ahead of Miniflare's own handlers, which would exit with 130; at "exit" it ends workerd.
  for (const signal of ["SIGINT", "SIGTERM"]) process.prependOnceListener(signal, () => process.exit(0));
}

await main();
