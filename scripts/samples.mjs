// The samples of all providers, as the command-line tool of the npm package sends them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const folder = join(import.meta.dirname, "..", "providers");

/** `{ provider: [[event, body], …] }`, the bodies to the byte: an event may have several. */
export function everySample() {
  return Object.fromEntries(readdirSync(folder).sort().map((provider) => {
    const own = join(folder, provider, "samples");
    const samples = (existsSync(own) ? readdirSync(own) : []).sort().map((file) => {
      // A second sample of one event is called `<event>~<what is special about it>`.
      const event = basename(file, ".json").split("~")[0].replaceAll("%2F", "/");
      return [event, readFileSync(join(folder, provider, "samples", file), "utf8")];
    });
    return [provider, samples];
  }));
}
