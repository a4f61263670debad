/** Limits on how long a caller waits for work. */

/**
 * Resolves as `work` does, or rejects with `timeoutError()` after `ms`. The signal given to `work` is aborted on timeout,
 * on failure and when `outer` is, but the timeout and `outer` hold even if `work` ignores the signal.
 */
export async function withTimeout<T>(
  ms: number,
  timeoutError: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let abort = () => {};
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timeoutError()), ms);
    abort = () => reject(outer?.reason);
    outer?.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([work(controller.signal), ended]);
  } catch (thrown) {
    controller.abort();
    throw thrown;
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", abort);
  }
}

/** Resolves as `work` does, or rejects with the reason of `signal` once that is aborted. The work goes on. */
export async function unlessAborted<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
