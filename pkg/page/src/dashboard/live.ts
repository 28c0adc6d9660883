// Asks again and again, as long as somebody may be looking: not while the tab is hidden, nor when it is switched off.

const EVERY_MS = 5_000;
const AT_MOST_MS = 60_000;

export class Live {
  readonly #ask: () => Promise<boolean>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOn = false;
  #isAsking = false;
  #failures = 0;

  /** `ask` says whether it was answered; while it is not, it is called less and less often. */
  constructor(ask: () => Promise<boolean>) {
    this.#ask = ask;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) clearTimeout(this.#timer);
      else if (this.#isOn) void this.now();
    });
  }

  set isOn(on: boolean) {
    this.#isOn = on;
    clearTimeout(this.#timer);
    if (on) this.#later();
  }

  /** In how many seconds it asks again after a failure. */
  get patience(): number {
    return Math.min(EVERY_MS * 2 ** this.#failures, AT_MOST_MS) / 1000;
  }

  async now(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      const answered = await this.#ask();
      this.#failures = answered ? 0 : this.#failures + 1;
    } finally {
      this.#isAsking = false;
      this.#later();
    }
  }

  #later(): void {
    clearTimeout(this.#timer);
    if (this.#isOn && !document.hidden) this.#timer = setTimeout(() => void this.now(), this.patience * 1000);
  }
}
