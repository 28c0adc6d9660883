// The admin API's part about the document of sources: it is checked by the reader that will read it.

import type { Gateway } from "./gateway.js";
import { json, problem } from "./answer.js";
import { fixed, judge, MOST, revisionOf } from "./document.js";
import { logOf, type Env } from "./env.js";

/** `path` is what stands behind `config`. */
export async function configure(request: Request, path: string, env: Env, gateway: Gateway): Promise<Response> {
  if (env.CONFIG === undefined) return problem(404, "There is no KV namespace bound as CONFIG.");
  const asked = `${request.method} ${path}`;
  if (asked === "GET ") {
    const newest = await logOf(env).document();
    if (newest === undefined) return problem(404, "There is no document yet.");
    const headers = { "content-type": "application/json", "cache-control": "no-store" };
    return new Response(newest.text, { headers });
  }
  if (asked !== "PUT " && asked !== "POST /check") return problem(404, "There is no such place in the API.");
  if (Number(request.headers.get("content-length") ?? 0) > 4 * MOST) return problem(413, "The document is too long.");
  const text = await request.text();
  const problems = judge(text, false, env, gateway).map(([place, reason]) => ({ place, reason }));
  if (problems.length > 0)
    return json(422, { type: "about:blank", title: "The document is wrong.", status: 422, problems });
  const revision = revisionOf(text);
  const before = fixed(env).filter((name) => Object.hasOwn((JSON.parse(text) as { sources: object }).sources, name));
  // What the variable has, too, the document does not change.
  const answer = { revision, in_variable: before };
  if (path === "/check") return json(200, answer);
  const published = await logOf(env).publish(revision, text);
  if ("done" in published) return json(200, answer);
  if ("failed" in published)
    return problem(503, "The document could not be written; try again.", { "retry-after": "5" });
  return problem(409, `The gateway has revision ${published.revision}: the next one is ${published.revision + 1}.`);
}
