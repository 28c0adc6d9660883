// What a listing is narrowed down to, from the query of a request to the SQL of a table.

/** A request that asks for something there is not; the message is for the person. */
export class BadRequest extends Error {}

export interface Where {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

export class Filter {
  readonly #equal: readonly (readonly [string, string])[];
  /** In milliseconds. */
  readonly from: number | undefined;
  readonly to: number | undefined;

  /** Reads the columns that may be asked for, and `from` and `to`, which are Unix seconds or RFC 3339. */
  constructor(query: URLSearchParams, columns: readonly string[]) {
    this.#equal = columns.flatMap((column) => {
      const value = query.get(column);
      return value === null ? [] : [[column, value] as const];
    });
    this.from = time(query, "from");
    this.to = time(query, "to");
  }

  get isEmpty(): boolean {
    return this.#equal.length === 0 && this.from === undefined && this.to === undefined;
  }

  /** The conditions. `since` and `until` name the columns that `from` (inclusive) and `to` (exclusive) are about. */
  and(since: string, until: string): Where {
    const conditions: [string, string | number][] = this.#equal.map(([column, value]) => [`${column} = ?`, value]);
    if (this.from !== undefined) conditions.push([`${since} >= ?`, this.from]);
    if (this.to !== undefined) conditions.push([`${until} < ?`, this.to]);
    return {
      sql: conditions.map(([sql]) => sql).join(" AND ") || "1",
      values: conditions.map(([, value]) => value),
    };
  }
}

function time(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const ms = /^\d{1,11}$/.test(text) ? Number(text) * 1000 : Date.parse(text);
  if (Number.isNaN(ms)) throw new BadRequest(`${name} must be Unix seconds, or a time such as 2026-01-31T12:00:00Z`);
  return ms;
}

/** A whole number from the query, within bounds. */
export function whole(query: URLSearchParams, name: string, otherwise: number, most: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw new BadRequest(`${name} must be a whole number from 1 to ${most}`);
  return value;
}
