// What must hold of the Fetch adapter on every runtime, as a function of the library. It gives the failures as texts.

/** @param {object} library `createVerifier` and `sign`, `webhook` of `hookwarden/fetch`, `memoryStore` */
export async function runFetch({ sign, webhook, memoryStore }) {
  const failures = [];
  const check = async (name, expected, request, handle) => {
    let got;
    try {
      const response = await handle(request());
      const { code } = response.status < 300 ? {} : await response.json();
      got = [response.status, code, response.headers.get("x-hookwarden-duplicate")].filter(Boolean).join();
    } catch (error) {
      got = error.code ?? String(error.stack ?? error);
    }
    if (got !== expected) failures.push(`fetch, ${name}: got ${got}, must be ${expected}`);
  };
  const body = JSON.stringify({ id: "evt_1", event: "call.failed", timestamp: "2024-01-15T10:30:00Z", data: { cost: 1 } });
  const headers = sign("audian", body, { secret: "s" });
  const request = (init) => () => new Request("https://example.com/", { method: "POST", headers, body, ...init });
  const streamed = (pull) => request({ body: new ReadableStream({ pull }), duplex: "half" });
  const options = { secret: "s", dedupe: memoryStore(), maxBodyBytes: 100_000 };
  const payloads = [];
  let turn = 0;
  const handle = webhook("audian", options, async ({ payload }) => {
    turn += 1;
    if (turn === 1) throw new TypeError("broken");
    payloads.push(payload);
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  await check("tampered", "401,signature_mismatch", request({ body: `${body} ` }), handle);
  await check("unsigned", "401,signature_missing", request({ headers: {} }), handle);
  await check("method", "405,method_not_allowed", request({ method: "PUT" }), handle);
  await check("encoding", "415,encoding_unsupported", request({ headers: { "content-encoding": "br" } }), handle);
  await check("large", "413,payload_too_large", request({ body: "x".repeat(100_001) }), handle);
  await check("endless", "413,payload_too_large", streamed((to) => to.enqueue(new Uint8Array(10_000))), handle);
  if ((await handle(request()()).catch((error) => error.message)) !== "broken") failures.push("fetch: nothing was thrown on");
  const first = check("genuine", "204", request(), handle);
  await new Promise((resolve) => setTimeout(resolve, 10));
  await check("in flight", "503,in_flight", request(), handle);
  await first;
  await check("duplicate", "204,true", request(), handle);
  if (payloads.length !== 1 || payloads[0].data.cost !== 1) failures.push(`fetch: payloads ${JSON.stringify(payloads)}`);
  return failures;
}
