/** The colors of what the commands print. */

/** The colors that are used, by their SGR codes. */
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, magenta: 35, cyan: 36 } as const;

/** The name of a color. */
export type Color = keyof typeof CODES;

/** Puts a text in a color, or returns it unchanged. */
export type Paint = (color: Color, text: string) => string;

/** The paint for a stream: none if it is not a terminal, or if `NO_COLOR` is set (https://no-color.org). */
export function paintFor(stream: { isTTY?: boolean }, env: Record<string, string | undefined>): Paint {
  const forced = (env.FORCE_COLOR ?? "") !== "" && env.FORCE_COLOR !== "0";
  const isWanted = (env.NO_COLOR ?? "") === "" && (forced || (stream.isTTY === true && env.TERM !== "dumb"));
  return isWanted ? (color, text) => `\u001b[${CODES[color]}m${text}\u001b[0m` : (_, text) => text;
}
