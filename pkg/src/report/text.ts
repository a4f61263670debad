/** Text that is safe to show, whoever wrote it, and times in words. */

/** Characters that move the cursor, change colors, reorder text or cannot be seen. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text from a token, a file or an argument, in one line. Anything that could control a terminal becomes `\u001b`. */
export function shown(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** JSON that is safe to show: what `shown` escapes is escaped here too, which JSON allows. */
export function json(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(UNSAFE, (character) =>
    // Only the line breaks of the layout are left: those in strings are escaped already.
    character === "\n" ? character : escaped(character),
  );
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}

/** A time as people and as logs write it, with how far it is from now. */
export function timeInWords(seconds: number, now: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return "no date";
  const distance = Math.abs(seconds - now);
  const words = durationInWords(distance);
  const iso = date.toISOString().replace(".000Z", "Z");
  return `${iso}, ${distance < 1 ? "now" : seconds < now ? `${words} ago` : `in ${words}`}`;
}

/** A duration in its two largest units. */
export function durationInWords(seconds: number): string {
  const units = [
    [31_557_600, "years"],
    [86_400, "days"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ] as const;
  const first = units.findIndex(([size]) => size <= seconds);
  if (first === -1) return "0 s";
  let rest = Math.floor(seconds);
  const parts: string[] = [];
  for (const [size, name] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(" ");
}
