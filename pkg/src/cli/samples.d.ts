/** The samples of every provider, `{ provider: [[event, body], …] }` as JSON, deflated, in base64. Made by scripts/npm.mjs. */
export const deflated: string;
