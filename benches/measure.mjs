// Measures functions against each other: in one run, turn by turn, so that whatever the machine does meanwhile happens
// to all of them alike.

/** How thoroughly: samples of each contender (fewer of slow ones), the least time of one, processes for the start-up. */
export const FULL = { samples: 41, slowSamples: 15, sampleMs: 20, warmUpMs: 500, processes: 21 };
export const QUICK = { samples: 2, slowSamples: 1, sampleMs: 1, warmUpMs: 1, processes: 1 };

/**
 * Times contenders, `{ name: call }`, where a call may answer with a promise; what it answers is thrown away.
 *
 * Each is warmed up, then run in batches of a size that fills a sample. Every round takes one sample of each, starting
 * with another one each time. Gives, by name, the microseconds of one call: the median, and the quartiles around it.
 */
export async function compare(contenders, { samples, sampleMs, warmUpMs }) {
  const runners = Object.entries(contenders).map(([name, call]) => ({ name, call, batch: 1, times: [] }));
  for (const runner of runners) await warmUp(runner, warmUpMs, sampleMs);
  for (let round = 0; round < samples; round += 1) {
    for (let turn = 0; turn < runners.length; turn += 1) {
      const runner = runners[(round + turn) % runners.length];
      runner.times.push((await time(runner)) / runner.batch);
    }
  }
  return Object.fromEntries(runners.map(({ name, times }) => [name, summary(times)]));
}

/** The median and the quartiles of some times. */
export function summary(times) {
  const sorted = [...times].sort((left, right) => left - right);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { median: at(0.5), low: at(0.25), high: at(0.75), samples: sorted.length };
}

async function warmUp(runner, warmUpMs, sampleMs) {
  const end = performance.now() + warmUpMs;
  let microseconds = await time(runner);
  while (performance.now() < end || (microseconds < sampleMs * 1000 && runner.batch < 2 ** 20)) {
    if (microseconds < sampleMs * 1000) runner.batch *= 2;
    microseconds = await time(runner);
  }
}

/** The microseconds of one batch. A task that returns a promise is awaited; the others do not pay for that. */
async function time({ call, batch }) {
  const start = performance.now();
  const first = call();
  if (first instanceof Promise) {
    await first;
    for (let index = 1; index < batch; index += 1) await call();
  } else {
    for (let index = 1; index < batch; index += 1) call();
  }
  return (performance.now() - start) * 1000;
}
