/** What the list of sessions calls a browser or program: "Firefox on Linux". The client chooses the text, so nothing relies on it. */

const BROWSERS: readonly [name: string, pattern: RegExp][] = [
  ["Edge", /Edg(A|iOS)?\//],
  ["Opera", /OPR\//],
  ["Firefox", /(Firefox|FxiOS)\//],
  ["Chrome", /(Chrome|CriOS)\//],
  ["Safari", /Version\/.*Safari\//],
];

const SYSTEMS: readonly [name: string, pattern: RegExp][] = [
  ["Android", /Android/],
  ["iPhone", /iPhone/],
  ["iPad", /iPad/],
  ["Windows", /Windows/],
  ["macOS", /Macintosh/],
  ["ChromeOS", /CrOS/],
  ["Linux", /Linux/],
];

/** A short name for the header `User-Agent`. */
export function clientOf(request: Request): string {
  const agent = request.headers.get("User-Agent") ?? "";
  const find = (list: readonly [string, RegExp][]) => list.find(([, pattern]) => pattern.test(agent))?.[0];
  const [browser, system] = [find(BROWSERS), find(SYSTEMS)];
  if (browser !== undefined) return system === undefined ? browser : `${browser} on ${system}`;
  return /^[\w.-]{1,40}/.exec(agent)?.[0] ?? "unknown";
}
