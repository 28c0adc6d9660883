// A gateway in a process of its own, for tests that kill it: started by `fork` with its options as a message, and
// answers with the addresses it listens on.

import { start } from "../../scripts/gateway.mjs";

process.once("message", async (options) => {
  const gateway = await start(options);
  process.send({ urls: gateway.urls });
});
