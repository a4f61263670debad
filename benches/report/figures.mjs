// Figures as text.

/** Three digits that matter. */
export function figure(number) {
  if (number === null || !Number.isFinite(number)) return "–";
  if (100 <= number) return Math.round(number).toLocaleString("en");
  return number.toFixed(10 <= number ? 1 : 2);
}

/** A time that is given in microseconds. */
export function time(us) {
  if (us < 1000) return `${figure(us)} µs`;
  return us < 1_000_000 ? `${figure(us / 1000)} ms` : `${figure(us / 1e6)} s`;
}

/** A ratio to this package's time: 2 means that the other takes twice as long. */
export const times = (ratio) => `${ratio < 10 ? ratio.toFixed(2) : figure(ratio)}×`;

/** Kilobytes, of 1,000 bytes. */
export const kilobytes = (bytes) => (bytes < 10_000 ? (bytes / 1000).toFixed(1) : Math.round(bytes / 1000).toString());

/** How a library is called where there is little room. */
export const short = (name) => name.replace("@tsndr/cloudflare-worker-jwt", "cloudflare-worker-jwt");

/** Whether a name is this package's. */
export const isOurs = (name) => name.startsWith("countersign");
