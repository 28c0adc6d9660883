// Hashing by the runtime, where that can be had without asking for a module: processors have instructions for it that
// WebAssembly has not. The core says from which length on that is worth a call.

/** What the core calls. It writes the digest of a message, and says whether it could. The length tells which hash. */
export interface Digester {
  digest(message: Uint8Array, digest: Uint8Array): boolean;
}

type Crypto = typeof import("node:crypto") & {
  /** In Node.js since 20.12. */
  hash?(hash: string, message: Uint8Array, encoding: "binary"): string;
};

const HASHES: Readonly<Record<number, string>> = { 20: "sha1", 32: "sha256", 64: "sha512" };

interface Process {
  getBuiltinModule?(name: string): Crypto | undefined;
}

/** Loading the module takes as long as some thousand short messages: a process that judges a few does without. */
const LONG = 1024;
const MANY = 16;

/** That of Node.js, Deno and Bun. */
export const digester: Digester | undefined = ofProcess((globalThis as { process?: Process }).process);

function ofProcess(process: Process | undefined): Digester | undefined {
  if (process?.getBuiltinModule === undefined) return undefined;
  let crypto: Crypto | undefined;
  let asked = 0;
  return {
    digest(message, digest) {
      asked += 1;
      if (crypto === undefined && message.length < LONG && asked < MANY) return false;
      try {
        crypto ??= process.getBuiltinModule!("node:crypto")!;
        const hash = HASHES[digest.length]!;
        // A string of bytes takes half the time that a buffer takes.
        const bytes = crypto.hash?.(hash, message, "binary") ?? crypto.createHash(hash).update(message).digest("binary");
        for (let at = 0; at < digest.length; at += 1) digest[at] = bytes.charCodeAt(at);
        return true;
      } catch {
        // There may be none, or none that is allowed this hash (FIPS).
        return false;
      }
    },
  };
}
