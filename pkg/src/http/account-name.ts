/** The account that a user name means, for names that a database may find by many spellings. */

/**
 * No account has a longer name, so it is counted as it is. The time that Unicode normalization takes grows with the square of a
 * run of marks: at this length, it is below a millisecond.
 */
const LONGEST = 1024;

/**
 * One spelling for all names that a database takes for the same one if it ignores case and accents, as MySQL does by default, and
 * others with a collation of primary strength (UTS #10).
 */
export function accountName(username: string): string {
  // First, without what can be added to any name.
  const bare = withBases(username).trim();
  if (LONGEST < bare.length) return bare;
  return (
    withBases(bare.normalize("NFKD"))
      // By way of upper case, `ı` is `i`.
      .toUpperCase()
      .toLowerCase()
      .replaceAll("ς", "σ")
      .trim()
      .normalize("NFC")
  );
}

/** The name without characters that such databases ignore, and with its letters and digits instead of their variants. */
function withBases(name: string): string {
  return name.replace(/[\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, "").replace(/[^\0-\x7f]/gu, (character) => {
    const known = bases.get(character);
    if (known !== undefined) return known;
    if (MOST_BASES <= bases.size) bases.clear();
    const base = compare(character, "") === 0 ? "" : baseOf(character);
    bases.set(character, base);
    return base;
  });
}

/** Comparing takes time, and names have few different characters. */
const MOST_BASES = 20_000;
const bases = new Map<string, string>();

let collator: Intl.Collator | undefined;

function compare(left: string, right: string): number {
  collator ??= new Intl.Collator("en", { sensitivity: "base" });
  return collator.compare(left, right);
}

/** What has variants: `ø` is one of `o`, `カ` of `か`, `٣` of `3`. */
const LATIN = "'\"0123456789abcdefghijklmnopqrstuvwxyz";
const OTHERS = [
  "абвгдежзиклмнопрстуфхцчшщъыьюѡѣѧѫѭѳєі",
  "אבגדהוזחטיכלמנסעפצקרשת",
  "ءامنوي",
  "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわゐゑをん",
];
let sorted: string[] | undefined;

/** The letter or digit that a character is a variant of, or the two that a ligature is; otherwise itself. */
function baseOf(character: string): string {
  sorted ??= [LATIN, ...OTHERS].flatMap((letters) => [...letters]).sort(compare);
  let [start, end] = [0, sorted.length];
  while (start < end) {
    const middle = (start + end) >> 1;
    const order = compare(character, sorted[middle] as string);
    if (order === 0) return sorted[middle] as string;
    if (order < 0) end = middle;
    else start = middle + 1;
  }
  // `æ` comes after `a`, and is `ae`.
  const first = sorted[start - 1] ?? "";
  if (!LATIN.includes(first)) return character;
  return [...LATIN].map((second) => first + second).find((pair) => compare(character, pair) === 0) ?? character;
}
