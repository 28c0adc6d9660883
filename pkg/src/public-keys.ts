// Signatures by public keys. The core says what is to be checked; who answers is chosen here.

import { HookwardenError } from "./failure.js";

/** One signature to be checked with one key. */
export interface PublicKeyCheck {
  readonly algorithm: "ed25519" | "ecdsa-p256" | "rsa-sha256";
  /** Ed25519: the 32 bytes of the key. Otherwise the DER of a SubjectPublicKeyInfo. */
  readonly key: Uint8Array;
  readonly message: Uint8Array;
  /** For ECDSA in DER. */
  readonly signature: Uint8Array;
}

/** Says whether a signature is right. */
export type PublicKeyVerifier = (check: PublicKeyCheck) => boolean;

type Crypto = typeof import("node:crypto");

/** What stands before an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410). */
const ED25519 = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/** That of node:crypto, which is there in Node.js, Deno, Bun, and Workers with `nodejs_compat`. */
function builtIn(): PublicKeyVerifier | undefined {
  const process = (globalThis as { process?: { getBuiltinModule?: (name: string) => Crypto | undefined } }).process;
  const crypto = process?.getBuiltinModule?.("node:crypto");
  if (crypto === undefined) return undefined;
  return ({ algorithm, key, message, signature }) => {
    const der = algorithm === "ed25519" ? Uint8Array.from([...ED25519, ...key]) : key;
    let publicKey;
    try {
      publicKey = crypto.createPublicKey({ key: der as Buffer, format: "der", type: "spki" });
    } catch {
      throw new HookwardenError("secret_invalid", "a secret is invalid: it is no public key");
    }
    const type = { "ed25519": "ed25519", "ecdsa-p256": "ec", "rsa-sha256": "rsa" }[algorithm];
    if (publicKey.asymmetricKeyType !== type) {
      throw new HookwardenError("secret_invalid", `a secret is invalid: it is no public key of ${algorithm}`);
    }
    return crypto.verify(algorithm === "ed25519" ? null : "sha256", message, publicKey, signature);
  };
}

/**
 * The answers to what the core has asked, in its order. Without anybody who could answer there are none, and the core then
 * refuses the delivery.
 */
export function answersOf(asked: string, own: PublicKeyVerifier | undefined): string {
  const verify = own ?? builtIn();
  if (verify === undefined) return "";
  const { checks } = JSON.parse(asked) as { checks: Record<keyof PublicKeyCheck, string>[] };
  const answers = checks.map(({ algorithm, key, message, signature }) => {
    const check = { key: bytes(key), message: bytes(message), signature: bytes(signature) };
    return verify({ algorithm: algorithm as PublicKeyCheck["algorithm"], ...check }) === true ? "1" : "0";
  });
  return answers.join("");
}

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
