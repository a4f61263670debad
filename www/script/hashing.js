/** The hash worker from the page's side: jobs, their progress, and their end. */

/** Runs one job at a time. A worker is made for the first job and after each cancelled one. */
export class Hashing {
  #worker = null;
  #giveUp = null;

  get busy() {
    return this.#giveUp !== null;
  }

  /**
   * Runs a job; `progress(elapsed, estimate)` is called while it runs, `estimate` being `null` until one is known.
   * Rejects with the error of the core, or with one without a code if it was cancelled or the worker broke.
   */
  run(job, progress) {
    this.#worker ??= new Worker("/script/hash-worker.js", { type: "module" });
    const worker = this.#worker;
    const start = performance.now();
    let estimate = null;
    const tick = () => progress(performance.now() - start, estimate);
    const ticking = setInterval(tick, 60);
    return new Promise((resolve, reject) => {
      this.#giveUp = (reason) => {
        worker.terminate();
        this.#worker = null;
        reject(new Error(reason));
      };
      worker.onmessage = ({ data }) => {
        if (data.kind === "estimate") estimate = data.milliseconds;
        else if (data.kind === "done") resolve(data);
        else reject(data.error);
      };
      worker.onerror = () => this.#giveUp?.("The worker has failed.");
      worker.postMessage(job);
      tick();
    }).finally(() => {
      clearInterval(ticking);
      this.#giveUp = null;
    });
  }

  /** Ends the job, and the worker with it: a hash cannot be interrupted from inside. */
  cancel() {
    this.#giveUp?.("Cancelled.");
  }
}
