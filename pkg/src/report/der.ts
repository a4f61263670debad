/** Reads the members of a sequence in DER, only to show them or to see what they are. The core reads keys. */

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
  const first = der[1] ?? 0x80;
  const count = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || 3 < count) return undefined;
  const length = count === 0 ? first : der.subarray(2, 2 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  const start = 2 + count;
  return der.length < start + length
    ? undefined
    : { content: der.subarray(start, start + length), end: start + length };
}
