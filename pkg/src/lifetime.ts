/** Reads a lifetime: a number of seconds, or a text such as `"30m"`. */

import { invalid, type OptionReader, refuseTime } from "./options.js";

const SECONDS = { s: 1n, m: 60n, h: 3600n, d: 86_400n, w: 604_800n };

/**
 * An option that is a lifetime in whole seconds, at least 1: a number, or a text as `sign` reads it, such as `"90s"`,
 * `"30m"`, `"1.5h"`, `"1d"` or `"1w"`.
 */
export function lifetime(byDefault?: number): OptionReader<number> {
  return (name, value) => {
    refuseTime(name, value);
    const seconds = value === undefined ? byDefault : typeof value === "string" ? parse(value) : value;
    if (Number.isSafeInteger(seconds) && 1 <= (seconds as number)) return seconds as number;
    throw invalid(`option "${name}" is not a whole number of seconds of at least 1, or a text such as "30m"`);
  };
}

/** Exact, so that `"1.1m"` is 66 seconds. `undefined` if the text is not a whole number of seconds. */
function parse(text: string): number | undefined {
  const [, whole, fraction = "", unit] = text.match(/^(\d{1,15})(?:\.(\d{1,15}))?([smhdw])$/) ?? [];
  if (whole === undefined || 15 < whole.length + fraction.length) return undefined;
  const parts = BigInt(whole + fraction) * SECONDS[unit as keyof typeof SECONDS];
  const scale = 10n ** BigInt(fraction.length);
  return parts % scale === 0n ? Number(parts / scale) : undefined;
}
