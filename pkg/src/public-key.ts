import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { HookwardenError } from "hookwarden/errors";
import type { PublicKeyVerifier } from "./public-keys.js";

/** What stands before the point of a P-256 key in a SubjectPublicKeyInfo (RFC 5480), as everybody writes it. */
const P256 = "3059301306072a8648ce3d020106082a8648ce3d030107034200";

/**
 * Checks signatures by public keys where there is no `node:crypto`, in a browser for example: Ed25519 (Discord, `v1a` of
 * Standard Webhooks) and ECDSA over P-256, by the package `@noble/curves`, which you install beside this one.
 *
 * ```js
 * import { publicKeys } from "hookwarden/public-key";
 * const verifier = createVerifier("discord", { secret: publicKey, publicKeys });
 * ```
 */
export const publicKeys: PublicKeyVerifier = ({ algorithm, key, message, signature }) => {
  if (algorithm === "rsa-sha256") {
    throw new HookwardenError("public_key_unsupported", "hookwarden/public-key does not know RSA; node:crypto does");
  }
  const point = algorithm === "ed25519" ? key : pointOf(key);
  try {
    if (algorithm === "ed25519") return ed25519.verify(signature, message, point, { zip215: false });
    // Both halves of the signatures are valid, as everywhere but in blockchains.
    return p256.verify(signature, message, point, { format: "der", lowS: false });
  } catch {
    // No signature at all, or no point of the curve.
    return false;
  }
};

function pointOf(spki: Uint8Array): Uint8Array {
  const head = Array.from(spki.subarray(0, 26), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (head === P256 && spki.length === 91) return spki.subarray(26);
  throw new HookwardenError("secret_invalid", "a secret is invalid: it is no public key of ecdsa-p256");
}
