// How it is measured: in rounds that every contender takes part in, so that the machine's noise hits all.

const CLOCKS = {
  wall: () => Number(process.hrtime.bigint()),
  /** That of all threads of this process: what others do on the machine is not in it. */
  processor: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) * 1000;
  },
};
let now = CLOCKS.wall;

/** Which clock measures from now on: `wall` or `processor`. */
export function measureBy(clock) {
  now = CLOCKS[clock];
}

/**
 * `effort`: `{ rounds, sample, warmUp }`, the last two in milliseconds. A function may be asynchronous. Gives nanoseconds
 * per call.
 */
export async function race(functions, effort) {
  const batches = [];
  for (const run of functions) batches.push(await calibrate(run, effort));
  const samples = functions.map(() => []);
  for (let round = 0; round < effort.rounds; round += 1) {
    for (let step = 0; step < functions.length; step += 1) {
      // Another one begins each round: nobody always runs after the same neighbour.
      const index = (round + step) % functions.length;
      samples[index].push(await batch(functions[index], batches[index]));
    }
  }
  return samples.map(summary);
}

/** Warms up, and says how many calls fill a sample. */
async function calibrate(run, { sample, warmUp }) {
  let calls = 1;
  let each = Infinity;
  const end = now() + warmUp * 1e6;
  do {
    // A clock of microseconds may say that it took no time.
    each = Math.max(1, await batch(run, calls));
    calls = Math.max(1, Math.min(calls * 2, Math.floor((sample * 1e6) / each)));
  } while (now() < end);
  return Math.max(1, Math.round((sample * 1e6) / each));
}

async function batch(run, calls) {
  const start = now();
  if (run.constructor === AsyncFunction) for (let call = 0; call < calls; call += 1) await run();
  else for (let call = 0; call < calls; call += 1) run();
  return (now() - start) / calls;
}

const AsyncFunction = (async () => {}).constructor;

export function summary(samples) {
  const sorted = [...samples].sort((one, other) => one - other);
  const at = (share) => sorted[Math.round((sorted.length - 1) * share)];
  return { median: at(0.5), low: at(0.1), high: at(0.9) };
}
