/** The module, deflated, in base64. Written by scripts/npm.mjs. */
export const deflated: string;
/** The length of the module in bytes. */
export const size: number;
