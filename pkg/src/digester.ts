// Hashing by the runtime, where that can be had without asking for a module: processors have instructions for it that
// WebAssembly has not. The core says from which length on that is worth a call.

/** What the core calls. It writes the digest of a message, and says whether it could. */
export interface Digester {
  digest(hash: string, message: Uint8Array, digest: Uint8Array): boolean;
}

type Crypto = typeof import("node:crypto") & {
  /** In Node.js since 20.12. */
  hash?(hash: string, message: Uint8Array, encoding: "buffer"): Uint8Array;
};

interface Process {
  getBuiltinModule?(name: string): Crypto | undefined;
}

/** That of Node.js, Deno and Bun. The module is loaded for the first long message, not before. */
export const digester: Digester | undefined = ofProcess((globalThis as { process?: Process }).process);

function ofProcess(process: Process | undefined): Digester | undefined {
  if (process?.getBuiltinModule === undefined) return undefined;
  let crypto: Crypto | undefined;
  return {
    digest(hash, message, digest) {
      try {
        crypto ??= process.getBuiltinModule!("node:crypto")!;
        digest.set(crypto.hash?.(hash, message, "buffer") ?? crypto.createHash(hash).update(message).digest());
        return true;
      } catch {
        // There may be none, or none that is allowed this hash (FIPS).
        return false;
      }
    },
  };
}
