// Measures functions against each other in one run: they take turns, so that whatever the machine does meanwhile happens to
// all of them. Runs in every runtime, so it imports nothing.

/** How thoroughly: rounds of samples, the least time of one sample, the time of the warm-up, processes for the start-up. */
export const FULL = { rounds: 17, sampleMs: 10, warmUpMs: 100, processes: 15 };
export const QUICK = { rounds: 2, sampleMs: 1, warmUpMs: 1, processes: 1 };

/** A call that takes longer than this, and so many times as long as the reference, is sampled in every third round only. */
const SLOW_MS = 150;
const SLOW_RATIO = 4;

/** A browser's clock may stand still during a short sample. */
const LEAST_US = 0.01;

/**
 * Times contenders, `{ name: call }`, where a call may answer with a promise. What it answers is thrown away.
 *
 * Each is warmed up, then called in batches that fill a sample. Every round takes one sample of each contender, and starts
 * with another one. Gives, by name, the microseconds of one call, and its ratio to the reference's time in the same round:
 * 2 means that the contender takes twice as long.
 *
 * @param time Runs a batch and gives its milliseconds. The default does it here.
 */
export async function compare(contenders, reference, { rounds, sampleMs, warmUpMs }, time = timeHere) {
  const runners = Object.entries(contenders).map(([name, call]) => ({ name, call, times: [] }));
  for (const runner of runners) await warmUp(runner, warmUpMs, sampleMs, time);
  const limit = Math.max(SLOW_MS, SLOW_RATIO * runners.find(({ name }) => name === reference).callMs);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < runners.length; turn += 1) {
      const runner = runners[(round + turn) % runners.length];
      const waits = limit < runner.callMs && round % 3 !== 0;
      runner.times.push(waits ? undefined : (1000 * (await time(runner.call, runner.batch))) / runner.batch);
    }
  }
  const base = runners.find(({ name }) => name === reference).times;
  return Object.fromEntries(
    runners.map(({ name, times }) => [
      name,
      {
        us: summary(times.filter((each) => each !== undefined)),
        ratio: summary(
          times.flatMap((each, round) => (each === undefined ? [] : [each / Math.max(base[round], LEAST_US)])),
        ),
        samples: times.filter((each) => each !== undefined).length,
      },
    ]),
  );
}

/** The median and the quartiles of some numbers. */
export function summary(numbers) {
  const sorted = [...numbers].sort((left, right) => left - right);
  const at = (share) => digits(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Four digits that matter. */
const digits = (number) => Number(number.toPrecision(4));

async function warmUp(runner, warmUpMs, sampleMs, time) {
  let batch = 1;
  let took = await time(runner.call, batch);
  let all = took;
  while (all < warmUpMs || (took < sampleMs / 2 && batch < 2 ** 20)) {
    if (took < sampleMs) batch *= 2;
    took = await time(runner.call, batch);
    all += took;
  }
  // The last time may contain an interruption. A slow call is a sample of its own anyway.
  for (let count = 0; count < 3 && (1 < batch || took < sampleMs); count += 1)
    took = Math.min(took, await time(runner.call, batch));
  runner.callMs = took / batch;
  runner.batch = Math.min(16 * batch, Math.max(1, Math.round(sampleMs / runner.callMs)));
}

/** The milliseconds of one batch. A call that returns a promise is awaited; the others do not pay for that. */
async function timeHere(call, batch) {
  const start = performance.now();
  await repeat(call, batch);
  return performance.now() - start;
}

/** Calls so many times, one after another. */
export async function repeat(call, batch) {
  const first = call();
  if (first instanceof Promise) {
    await first;
    for (let index = 1; index < batch; index += 1) await call();
  } else {
    for (let index = 1; index < batch; index += 1) call();
  }
}
