/** The samples: JSON of `{ provider: [[event, body], …] }`, deflated, in base64. Made by scripts/npm.mjs. */
export const deflated: string;
