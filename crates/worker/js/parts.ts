/** A row of SQLite takes two million bytes. */
const PART_BYTES = 1_000_000;

/** A body in pieces that fit into rows; one piece at least. */
export function parts(body: Uint8Array): Uint8Array[] {
  const count = Math.max(1, Math.ceil(body.byteLength / PART_BYTES));
  return Array.from({ length: count }, (_, at) => body.slice(at * PART_BYTES, (at + 1) * PART_BYTES));
}

/** The body that pieces are of. */
export function joined(parts: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    body.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return body;
}
