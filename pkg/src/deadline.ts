/** A limit on how long work may take. */

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
