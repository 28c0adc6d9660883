// Hashing by the runtime, where that can be had without asking for a module: processors have instructions for it that
// WebAssembly has not. The core says from which length on that is worth a call.

/**
 * What the core calls with the parts of a message, one after the other. After the last one the digest is written; its length
 * tells which hash. Says whether it could.
 */
export interface Digester {
  digest(part: Uint8Array, isLast: boolean, digest: Uint8Array): boolean;
}

type Hash = import("node:crypto").Hash;
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
  let running: Hash | undefined;
  return {
    digest(part, isLast, digest) {
      asked += 1;
      if (crypto === undefined && isLast && part.length < LONG && asked < MANY) return false;
      try {
        crypto ??= process.getBuiltinModule!("node:crypto")!;
        const hash = HASHES[digest.length]!;
        if (!isLast) {
          running = (running ?? crypto.createHash(hash)).update(part);
          return true;
        }
        const whole = running ?? (crypto.hash === undefined ? crypto.createHash(hash) : undefined);
        running = undefined;
        // A string of bytes takes half the time that a buffer takes.
        const bytes = whole?.update(part).digest("binary") ?? crypto.hash!(hash, part, "binary");
        for (let at = 0; at < digest.length; at += 1) digest[at] = bytes.charCodeAt(at);
        return true;
      } catch {
        running = undefined;
        // There may be none, or none that is allowed this hash (FIPS).
        return false;
      }
    },
  };
}
