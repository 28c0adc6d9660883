// Signatures by public keys. Browsers can check them, but only answer later, and the package asks for an answer at once.
// A bundle of its own, fetched when a scheme needs it: most do not.

import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import type { PublicKeyCheck } from "hookwarden/slim";

/** What stands before the point in the SubjectPublicKeyInfo of a P-256 key, by the length of the whole (RFC 5480). */
const BEFORE_POINT: Readonly<Record<number, string>> = {
  59: "3039301306072a8648ce3d020106082a8648ce3d030107032200",
  91: "3059301306072a8648ce3d020106082a8648ce3d030107034200",
};

/** Throws for a key that is none of the algorithm. */
export function verify({ algorithm, key, message, signature }: PublicKeyCheck): boolean {
  // As strict as OpenSSL is, which judges elsewhere.
  if (algorithm === "ed25519") return isRight(() => ed25519.verify(signature, message, key, { zip215: false }));
  const start = Array.from(key.subarray(0, 26), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (algorithm !== "ecdsa-p256" || start !== BEFORE_POINT[key.length]) throw new Error("not a P-256 key");
  const point = p256.Point.fromBytes(key.subarray(26)).toBytes();
  return isRight(() => p256.verify(signature, message, point, { format: "der", lowS: false }));
}

/** A signature that is malformed is no right one. */
function isRight(check: () => boolean): boolean {
  try {
    return check();
  } catch {
    return false;
  }
}
