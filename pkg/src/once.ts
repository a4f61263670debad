/** Work that is done once, when it is first needed. */

/**
 * Returns a function that does the work with its first call and has the same promise for every later one, whatever those pass. A
 * failure is not remembered: the next call tries again.
 */
export function once<T, Given extends unknown[]>(
  work: (...given: Given) => Promise<T>,
): (...given: Given) => Promise<T> {
  let promise: Promise<T> | undefined;
  return (...given) => {
    if (promise === undefined) {
      promise = work(...given);
      promise.catch(() => {
        promise = undefined;
      });
    }
    return promise;
  };
}
