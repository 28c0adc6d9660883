// Who checks signatures by public keys: fetched when a scheme of that kind is chosen.

import { publicKeysUrl } from "assets";
import { HookwardenError, type PublicKeyVerifier } from "hookwarden/slim";
import type { SchemeFacts } from "../delivery/catalogue.js";

const CHECKED = ["ed25519", "ecdsa-p256"];
const UNCHECKED = "rsa-sha256";

export const hasPublicKey = (scheme: SchemeFacts | undefined): boolean =>
  [...CHECKED, UNCHECKED].includes(scheme?.algorithm ?? "");

/** What this page leaves to others. */
export const isUncheckable = (scheme: SchemeFacts | undefined): boolean => scheme?.algorithm === UNCHECKED;

let loading: Promise<PublicKeyVerifier> | undefined;

export async function publicKeysFor(scheme: SchemeFacts | undefined): Promise<PublicKeyVerifier | undefined> {
  if (!CHECKED.includes(scheme?.algorithm ?? "")) return undefined;
  loading ??= load();
  // Without a network, the next question asks again.
  loading.catch(() => (loading = undefined));
  return loading;
}

async function load(): Promise<PublicKeyVerifier> {
  const { verify } = (await import(new URL(publicKeysUrl, self.location.href).href)) as { verify: PublicKeyVerifier };
  return (check) => {
    try {
      return verify(check);
    } catch {
      throw new HookwardenError("secret_invalid", `a secret is invalid: it is no public key of ${check.algorithm}`);
    }
  };
}
