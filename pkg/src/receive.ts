// Everything that the adapters share, built as one file. It imports `hookwarden` by name, see CONTRIBUTING.md.

export { failed } from "./receive/answer.js";
export { collectNode } from "./receive/body.js";
export { bodyOfExpress } from "./receive/express-body.js";
export { arrivalOfFetch, responseOf, waitUntil } from "./receive/fetch.js";
export { report } from "./receive/hooks.js";
export { arrivalOf, leavesRest, send, watch } from "./receive/node.js";
export { receive } from "./receive/receive.js";
export { settingsOf } from "./receive/settings.js";
