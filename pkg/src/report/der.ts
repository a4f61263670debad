/** Reads the lengths and members of sequences in DER, only to show them or to see what they are. The core reads keys. */

/** A member of a sequence in DER. */
export interface Member {
  tag: number;
  content: Uint8Array;
}

/** The most members of a sequence that are looked at. */
const MAX_MEMBERS = 12;

/** The members of the sequence that bytes of DER are. */
export function membersOf(der: Uint8Array): Member[] {
  return membersIn(contentOf(der)?.content ?? new Uint8Array());
}

/** The members in the content of a sequence; none if the bytes end in one. */
export function membersIn(content: Uint8Array): Member[] {
  const members: Member[] = [];
  let rest = content;
  while (rest.length > 0 && members.length < MAX_MEMBERS) {
    const found = contentOf(rest);
    if (found === undefined) return [];
    members.push({ tag: rest[0] ?? 0, content: found.content });
    rest = rest.subarray(found.end);
  }
  return members;
}

function contentOf(der: Uint8Array): { content: Uint8Array; end: number } | undefined {
  const { start, end } = extentOf(der) ?? {};
  if (start === undefined || end === undefined || der.length < end) return undefined;
  return { content: der.subarray(start, end), end };
}

/** The length that bytes of DER announce, if they are one sequence, with its first bytes. */
export function lengthOfDer(bytes: Uint8Array): number | undefined {
  return bytes[0] === 0x30 ? extentOf(bytes)?.end : undefined;
}

/** Where the content of the first element begins, and where it ends by the length that it announces. */
function extentOf(der: Uint8Array): { start: number; end: number } | undefined {
  const [, first = 0] = der;
  const count = first < 0x80 ? 0 : first - 0x80;
  const start = 2 + count;
  if (first === 0x80 || 3 < count || (0 < count && der.length < start)) return undefined;
  const length = count === 0 ? first : der.subarray(2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  return { start, end: start + length };
}
