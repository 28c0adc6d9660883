// A static host as anybody's: it sends files and their types, compressed where the browser takes that, and no policy.

import { createServer } from "node:http";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "../../scripts/gateway.mjs";

export const folder = join(root, "pkg/page/dist/_hookwarden");

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
};

/** Serves the page below `path`: `{ url, bytes, stop }`, where `bytes` counts what went over the wire. */
export async function serve(path = "/page/") {
  const counted = { bytes: 0, requests: [] };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://host.invalid");
    const name = pathname === path ? "index.html" : pathname.startsWith(path) ? pathname.slice(path.length) : "";
    counted.requests.push(pathname);
    try {
      const content = await readFile(join(folder, normalize(`/${name}`)));
      const body = /gzip/.test(request.headers["accept-encoding"] ?? "") ? gzipSync(content) : content;
      counted.bytes += body.length;
      response.writeHead(200, {
        "content-type": TYPES[extname(name)] ?? "application/octet-stream",
        ...(body !== content && { "content-encoding": "gzip" }),
        "content-length": body.length,
      });
      response.end(request.method === "HEAD" ? undefined : body);
    } catch {
      response.writeHead(404).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}${path}`,
    counted,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
