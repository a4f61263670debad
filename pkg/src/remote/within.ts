/** A bound on how long something may take. */

/**
 * What `work` gives, or `late()` thrown when it has not given anything after `ms`. Its signal is aborted then, and when
 * it fails; but the time is kept whether or not anybody heeds the signal.
 */
export async function within<T>(ms: number, late: () => Error, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work(controller.signal), over]);
  } catch (thrown) {
    controller.abort();
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}
