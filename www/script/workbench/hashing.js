/** Hashes passwords in a worker: jobs, progress and cancellation. */

// The module with every format is loaded by the tab that needs it.
import { configurePasswordPool, PasswordHasher } from "/pkg/dist/inline/formats.js";

// The worker is made from text, so that the policy of this page applies to it as well: it can connect to nothing.
configurePasswordPool({ threads: 1 });

/** The end of the slider. A server should keep the default, 64 MiB. */
const LIMITS = { memoryKib: 262_144 };

/** Small enough to be quick, large enough to measure the speed of this machine. */
const SAMPLE_KIB = 4096;

const JOBS = {
  async hash({ password, params }, options) {
    return { stored: await new PasswordHasher({ params, limits: LIMITS }).hashAsync(password, options) };
  },
  verify: ({ password, stored }, options) =>
    new PasswordHasher({ limits: LIMITS }).verifyAsync(password, stored, options),
};

/** Runs one job at a time. */
export class Hashing {
  #controller = null;

  get busy() {
    return this.#controller !== null;
  }

  /**
   * Runs a job; `progress(elapsed, estimate)` is called while it runs, `estimate` being `null` until one is known.
   * Rejects with the error of the core, or with one without a code if it was cancelled.
   */
  async run({ job, ...input }, progress) {
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    const begun = performance.now();
    let estimated = null;
    const tick = () => progress(performance.now() - begun, estimated);
    const ticking = setInterval(tick, 60);
    tick();
    try {
      if (job === "hash") estimated = await estimate(input.params, signal);
      return await timed(() => JOBS[job](input, { signal }));
    } finally {
      clearInterval(ticking);
      this.#controller = null;
    }
  }

  /** Ends the job, and with it the worker, as a hash cannot be interrupted from inside. */
  cancel() {
    this.#controller?.abort(new Error("Cancelled."));
  }
}

/** How long a hash takes here, going by the faster of two small samples. */
async function estimate({ memoryKib, passes }, signal) {
  const hasher = new PasswordHasher({ params: { memoryKib: SAMPLE_KIB, passes: 1 } });
  const sample = () => timed(() => hasher.hashAsync("sample", { signal }));
  const times = [await sample(), await sample()].map(({ milliseconds }) => milliseconds);
  return (Math.min(...times) / SAMPLE_KIB) * memoryKib * passes;
}

async function timed(work) {
  const start = performance.now();
  const result = await work();
  return { milliseconds: performance.now() - start, result };
}
