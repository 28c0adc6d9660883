// What must hold on every runtime, as a function of the library: no test runner, no file system, nothing of Node. It gives
// the failures as texts; an empty list is success.

/**
 * @param {object} library what `import("hookwarden")` gives
 * @param {object} data `{ vectors, samples, long }`, see data.mjs
 */
export function run(library, { vectors, samples, long }) {
  const failures = [];
  const check = (name, test) => {
    try {
      test();
    } catch (error) {
      failures.push(`${name}: ${error.stack ?? error}`);
    }
  };
  for (const vector of vectors) check(vector.id, () => judgeVector(library, vector));
  for (const sample of samples) check(`${sample.provider} ${sample.name}`, () => judgeSample(library, sample));
  for (const delivery of long) check(`${delivery.body.length} bytes`, () => judgeLong(library, delivery));
  check("bodies", () => bodies(library, samples.find(({ provider }) => provider === "audian")));
  check("misuse", () => misuse(library));
  check("schemas", () => schemas(library));
  check("own schemas", () => ownSchemas(library));
  check("a trap", () => trap(library, samples[0]));
  return failures;
}

function judgeVector({ createVerifier, CODES }, vector) {
  const verifier = createVerifier(vector.provider, { secrets: vector.secrets, scheme: vector.scheme });
  const body = fromBase64(vector.body_base64);
  const forms = [vector.headers, vector.headers.flat(), asObject(vector.headers)];
  for (const headers of forms) {
    const verdict = verifier.verify(headers, body, { now: vector.now, method: vector.method, url: vector.url });
    const { verdict: word, code = null, event_type = null, event_id = null, handshake } = vector.expect;
    equal(verdict.handshake?.status, handshake?.status);
    equal(verdict.handshake?.body, handshake?.body);
    equal(verdict.verdict, word);
    equal(verdict.code, code);
    equal(verdict.provider, vector.provider);
    if (word === "accepted") {
      equal(verdict.event.type, event_type);
      equal(verdict.event.id, event_id);
      equal(/^[0-9a-f]{64}$/.test(verdict.key), true);
    } else {
      equal(verdict.payload, undefined);
      equal(verdict.event, null);
      equal(verdict.schema, null);
    }
  }
}

function judgeLong({ createVerifier }, { definition, body, headers, key }) {
  // Of two secrets the second: both are tried.
  const verifier = createVerifier(definition, { secrets: ["other", "hunter2"] });
  const verdict = verifier.assert(headers, body);
  equal(verdict.secret, 1);
  equal(verdict.key, key);
  for (const forged of [body.replace("x", "y"), body.slice(0, -2).concat('y"}')]) {
    equal(verifier.verify(headers, forged).code, "signature_mismatch");
  }
}

function judgeSample({ createVerifier }, { provider, scheme, secret, now, type, text, headers }) {
  const verifier = createVerifier(provider, { secret, scheme, now });
  const verdict = verifier.assert(headers, text);
  equal(verdict.event.type, type);
  equal(verdict.schema.status, "valid");
  equal(verdict.event.known, true);
  equal(JSON.stringify(verdict.payload), JSON.stringify(JSON.parse(text)));
  equal(verdict.event.data, verdict.payload);
  // What is printed or copied holds nothing of the payload.
  equal(Object.keys(verdict).includes("payload"), false);
  equal(Object.keys(verdict.event).join(), "type,id,timestamp");
}

function bodies({ createVerifier }, { provider, scheme, secret, now, text, headers }) {
  const verifier = createVerifier(provider, { secret, scheme, now });
  const bytes = new TextEncoder().encode(text);
  const pooled = new Uint8Array(bytes.length + 7);
  pooled.set(bytes, 3);
  const view = pooled.subarray(3, 3 + bytes.length);
  const shared = [bytes, bytes.buffer, text, view, new DataView(pooled.buffer, 3, bytes.length)];
  for (const body of shared) equal(verifier.verify(headers, body).code, null);
  equal(verifier.verify(new Headers(headers), bytes).code, null);
  equal(verifier.verify(Object.entries(headers), bytes).code, null);
  equal(verifier.verify(headers, pooled).code, "signature_mismatch");
}

function misuse({ createVerifier, sign, HookwardenError }) {
  const verifier = createVerifier("efficlose", { secret: "s" });
  const inherited = Object.create({ "x-webhook-signature": "sha256=00" });
  equal(verifier.verify(inherited, "{}").code, "signature_missing");
  equal(verifier.verify(JSON.parse('{"__proto__":"x","constructor":"y"}'), "{}").code, "signature_missing");
  for (const [code, wrong] of [
    ["body_parsed", () => verifier.verify({}, { event: "x" })],
    ["body_parsed", () => verifier.verify({}, 5)],
    ["body_missing", () => verifier.verify({}, undefined)],
    ["body_missing", () => verifier.verify({}, null)],
    ["body_invalid", () => verifier.verify({}, "a\ud800")],
    ["body_invalid", () => verifier.verify({}, Promise.resolve("{}"))],
    ["body_invalid", () => verifier.verify({}, new Response("{}"))],
    ["body_invalid", () => verifier.verify({}, new ReadableStream())],
    ["headers_invalid", () => verifier.verify(undefined, "{}")],
    ["headers_invalid", () => verifier.verify("x-webhook-signature: x", "{}")],
    ["headers_invalid", () => verifier.verify({ "x-webhook-signature": 5 }, "{}")],
    ["headers_invalid", () => verifier.verify(["x-webhook-signature"], "{}")],
    ["headers_invalid", () => verifier.verify([["x-webhook-signature"]], "{}")],
    ["now_invalid", () => verifier.verify({}, "{}", { now: NaN })],
    ["now_invalid", () => verifier.verify({}, "{}", { now: new Date() })],
    ["options_invalid", () => createVerifier("efficlose", { secert: "hunter2" })],
    ["options_invalid", () => createVerifier("efficlose", { secret: "hunter2", secrets: ["hunter2"] })],
    ["options_invalid", () => createVerifier("efficlose", { secrets: "hunter2" })],
    ["options_invalid", () => createVerifier("efficlose", { secret: 5 })],
    ["options_invalid", () => createVerifier("efficlose")],
    ["options_invalid", () => createVerifier(undefined, { secret: "hunter2" })],
    ["options_invalid", () => createVerifier("audian", { secret: "hunter2", tolerance: -1 })],
    ["options_invalid", () => createVerifier("audian", { secret: "hunter2", schema: "strict" })],
    ["tolerance_unused", () => createVerifier("efficlose", { secret: "hunter2", tolerance: 1 })],
    ["secret_missing", () => createVerifier("efficlose", { secret: undefined })],
    ["secret_missing", () => createVerifier("efficlose", { secret: "" })],
    ["secret_missing", () => createVerifier("efficlose", { secrets: [] })],
    ["secret_invalid", () => createVerifier("attendee", { secret: "hunter2!" })],
    ["provider_unknown", () => createVerifier("constructor", { secret: "hunter2" })],
    ["scheme_required", () => createVerifier("meeting-baas", { secret: "hunter2" })],
    ["scheme_unknown", () => createVerifier("audian", { secret: "hunter2", scheme: "__proto__" })],
    ["unsignable", () => sign("attendee", "no JSON", { secret: "aHVudGVyMg==" })],
    ["unsignable", () => sign("audian", "{}", { secret: "hunter2", now: -1 })],
  ]) {
    const error = thrown(wrong);
    equal(error instanceof HookwardenError, true);
    equal(error.name, "HookwardenError");
    equal(`${error.code} for ${wrong}`, `${code} for ${wrong}`);
    equal(error.message.includes("hunter2"), false);
  }
}

function schemas({ compileSchema }) {
  const schema = compileSchema({ $ref: "urn:id" }, { resources: { "urn:id": { type: "string", format: "uuid" } } });
  equal(JSON.stringify(schema.validate('"x"')), '{"valid":true,"code":null,"violations":[]}');
  const { valid, code, violations } = schema.validate(" 5");
  equal(valid, false);
  equal(code, "schema_violation");
  equal(violations[0].keyword, "type");
  equal(violations[0].column, 2);
  equal("value" in violations[0], false);
  equal(schema.validate(" 5", { values: true }).violations[0].value, "5");
  equal(compileSchema({ format: "uuid" }, { formats: "assert" }).validate('"x"').valid, false);
  equal(compileSchema(true).validate("[").code, "payload_not_json");
  equal(compileSchema(true).validate('{"a":1,"a":2}').code, "duplicate_key");
  equal(compileSchema({ $ref: "#/definitions/a", definitions: { a: true } }, { defaultDialect: "7" }).validate("1").valid, true);
  equal(thrown(() => compileSchema({ tpye: "string" })).code, "schema_invalid");
  equal(compileSchema({ tpye: "string" }, { unknownKeywords: "annotate" }).validate("5").valid, true);
  equal(thrown(() => compileSchema(undefined)).code, "options_invalid");
}

function ownSchemas({ createVerifier }) {
  const judge = (event, options) => {
    const verifier = createVerifier("efficlose", { secret: "s", ...options });
    const body = JSON.stringify({ event, data: {} });
    const verdict = verifier.verify(verifier.sign(body), body);
    return [verdict.code, verdict.schema.status, verdict.event.known].join();
  };
  const wanted = { type: "object", required: ["amount"] };
  equal(judge("invoice.paid", {}), ",unknown_event,false");
  equal(judge("invoice.paid", { schemas: { "invoice.paid": { type: "object" } } }), ",valid,true");
  equal(judge("invoice.paid", { schemas: { "invoice.*": wanted } }), "schema_violation,invalid,false");
  equal(judge("invoice.paid", { schemas: { "*": JSON.stringify(wanted) }, schema: "observe" }), ",invalid,false");
  equal(judge("invoice.paid", { schemas: { "*": wanted }, schemaModes: { "invoice.*": "off" } }), ",off,false");
  equal(judge("invoice.paid", { unknownEvents: "refuse" }), "unknown_event,unknown_event,false");
  for (const [code, options] of [
    ["schema_invalid", { schemas: { "invoice.paid": { tpye: "object" } } }],
    ["options_invalid", { schemas: { "invoice.paid": 5 } }],
    ["options_invalid", { schemas: [] }],
    ["options_invalid", { schemas: { "a*b": true } }],
    ["options_invalid", { schemaModes: { "*": "strict" } }],
  ]) {
    equal(thrown(() => judge("x", options)).code, code);
  }
}

/** A body that cannot be copied in makes the core stop; what comes after must not notice. */
function trap({ createVerifier, compileSchema }, { provider, scheme, secret, now, text, headers }) {
  const verifier = createVerifier(provider, { secret, scheme, now });
  const schema = compileSchema({ type: "object" });
  let huge;
  try {
    huge = new Uint8Array(2 ** 31);
  } catch {
    return; // not every runtime can make one
  }
  equal(thrown(() => verifier.verify(headers, huge)).code, "internal");
  equal(verifier.verify(headers, text).code, null);
  equal(schema.validate(text).valid, true);
}

function asObject(headers) {
  const object = {};
  for (const [name, value] of headers) {
    const before = Object.hasOwn(object, name) ? [object[name]].flat() : [];
    Object.defineProperty(object, name, {
      value: before.length > 0 ? [...before, value] : value, enumerable: true, configurable: true, writable: true,
    });
  }
  return object;
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error(`nothing was thrown by ${call}`);
}

function equal(got, must) {
  if (!Object.is(got, must)) throw new Error(`got ${got}, must be ${must}`);
}
