import { HookwardenError } from "./failure.js";

/** The raw body of a request: bytes, or a string that is taken as UTF-8. */
export type BodyInput = Uint8Array | ArrayBufferLike | ArrayBufferView | string;

const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** A signature covers the bytes as they were sent, so only what still is those bytes is taken. */
export function bytesOf(body: unknown): Uint8Array {
  if (typeof body === "string") return encode(body);
  if (body instanceof Uint8Array) return body;
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (isBuffer(body)) return new Uint8Array(body);
  throw refuse(body);
}

function encode(text: string): Uint8Array {
  if (/[\ud800-\udfff]/u.test(text)) {
    throw new HookwardenError(
      "body_invalid",
      "the body is a string with a lone surrogate, so it is not what was sent: pass the raw bytes",
    );
  }
  return encoder.encode(text);
}

/** Also one of another realm, such as a test runner's. */
function isBuffer(body: unknown): body is ArrayBufferLike {
  const tag = Object.prototype.toString.call(body);
  return tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]";
}

function refuse(body: unknown): HookwardenError {
  if (body === undefined || body === null) {
    return new HookwardenError(
      "body_missing",
      "there is no body: pass the raw bytes of the request (an empty body is an empty Uint8Array). " +
        "If this is `req.body` of Express, no parser has run: read the bytes with express.raw({ type: () => true })",
    );
  }
  const reader = body as { arrayBuffer?: unknown; getReader?: unknown; pipe?: unknown; then?: unknown };
  if (typeof reader.arrayBuffer === "function") {
    return new HookwardenError("body_invalid", "pass the bytes: `await request.arrayBuffer()`");
  }
  if (typeof reader.getReader === "function" || typeof reader.pipe === "function") {
    return new HookwardenError("body_invalid", "the body is a stream: read it to its end and pass the bytes");
  }
  if (typeof reader.then === "function") {
    return new HookwardenError("body_invalid", "the body is a promise: await it and pass the bytes");
  }
  return new HookwardenError(
    "body_parsed",
    "the body was parsed already, and the signature covers the bytes as they were sent, which no JSON.stringify can " +
      "restore. Verify before any parser: use express.raw({ type: () => true }) on this route and mount it before " +
      "express.json(), or keep the bytes with express.json({ verify: (req, res, bytes) => { req.rawBody = bytes } }) " +
      "and pass req.rawBody",
  );
}
