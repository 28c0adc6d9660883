// Who waits for what becomes of an event that another one holds.

interface Waiting {
  readonly holder: number;
  /** Ends the waiting; whether the event may be claimed now. */
  readonly end: (free: boolean) => void;
}

/** More than these need not wait: they are answered at once. */
const MOST = 1_000;

export class Arrivals {
  readonly #waiting = new Map<string, Waiting[]>();
  #count = 0;

  /** Waits for the next news of an event, in milliseconds; `false` if there is none in time. */
  next(key: string, holder: number, wait: number): Promise<boolean> {
    if (wait <= 0 || this.#count >= MOST) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiting.end(false), wait);
      const waiting: Waiting = {
        holder,
        end: (free) => {
          clearTimeout(timer);
          this.#remove(key, waiting);
          resolve(free);
        },
      };
      this.#count += 1;
      const others = this.#waiting.get(key);
      if (others === undefined) this.#waiting.set(key, [waiting]);
      else others.push(waiting);
    });
  }

  /** Wakes all who wait for an event. The first of them claims it, if it is free. */
  landed(key: string): void {
    for (const waiting of [...(this.#waiting.get(key) ?? [])]) waiting.end(true);
  }

  /** Ends the waiting of one that has gone: what it would claim, nobody would give back. */
  abandon(key: string, holder: number): void {
    this.#waiting.get(key)?.find((one) => one.holder === holder)?.end(false);
  }

  #remove(key: string, waiting: Waiting): void {
    const left = (this.#waiting.get(key) ?? []).filter((one) => one !== waiting);
    if (left.length > 0) this.#waiting.set(key, left);
    else this.#waiting.delete(key);
    this.#count -= 1;
  }
}
