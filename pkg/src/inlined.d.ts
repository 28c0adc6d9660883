// Written by scripts/npm.mjs.

/** The module, as one LZ4 block, in base64. */
export const packed: string;
/** The length of that block in bytes. */
export const packedSize: number;
/** The length of the module in bytes. */
export const size: number;
/** The module that decompresses it: unpack.wat, in base64. */
export const unpacker: string;
