// Installs the providers' own libraries where they are missing or package-lock.json has changed since: once, 130 MB.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = import.meta.dirname;
const stamp = join(folder, "node_modules/.installed");
const wanted = createHash("sha256").update(readFileSync(join(folder, "package-lock.json"))).digest("hex");

function installed() {
  try {
    return readFileSync(stamp, "utf8") === wanted;
  } catch {
    return false;
  }
}

if (!installed()) {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // npm ci empties node_modules first, so a failed one leaves no stamp. None of them needs its install script.
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync(npm, ["ci", ...options], { cwd: folder, stdio: "inherit" });
  writeFileSync(stamp, wanted);
}
