/** Reads the rows of an export one by one, so that a file of any size takes little memory. */

import { Failure } from "./failure.js";

/** A row, or why it cannot be read. */
export interface SourceRow {
  /** Counted from 1, without a header. */
  row: number;
  /** The line on which the row begins, from 1. */
  line: number;
  value?: Record<string, unknown>;
  problem?: string;
}

/** The forms of an export. */
export type ExportFormat = "csv" | "json" | "jsonl";

/** The most bytes of one row. */
export const MAX_ROW_BYTES = 1_048_576;

const TOO_LONG = `row is longer than ${MAX_ROW_BYTES} bytes`;

/** The rows in chunks of bytes. */
export async function* rowsOf(
  chunks: AsyncIterable<Uint8Array>,
  format: ExportFormat,
  header?: readonly string[],
): AsyncGenerator<SourceRow> {
  const reader = format === "csv" ? new CsvReader(header) : format === "jsonl" ? new LineReader() : new JsonReader();
  let row = 0;
  const numbered = (found: Found): SourceRow => {
    row += 1;
    return { row, ...found };
  };
  for await (const chunk of chunks) for (const found of reader.read(chunk)) yield numbered(found);
  for (const found of reader.end()) yield numbered(found);
}

type Found = Omit<SourceRow, "row">;

interface Reader {
  read(chunk: Uint8Array): Iterable<Found>;
  end(): Iterable<Found>;
}

/** The bytes of a row, which may come in several chunks. */
class Collected {
  #parts: Uint8Array[] = [];
  #length = 0;
  isTooLong = false;

  add(part: Uint8Array): void {
    this.#length += part.length;
    this.isTooLong ||= MAX_ROW_BYTES < this.#length;
    if (this.isTooLong) this.#parts = [];
    // A copy: the stream uses its memory again.
    else if (part.length > 0) this.#parts.push(part.slice());
  }

  take(): { text?: string; problem?: string } {
    const bytes = Buffer.concat(this.#parts);
    const { isTooLong } = this;
    this.clear();
    if (isTooLong) return { problem: TOO_LONG };
    try {
      return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
    } catch {
      return { problem: "row is not UTF-8" };
    }
  }

  clear(): void {
    this.#parts = [];
    this.#length = 0;
    this.isTooLong = false;
  }
}

function parsedRow(line: number, { text, problem }: { text?: string; problem?: string }): Found {
  if (text === undefined) return { line, problem: problem ?? "row cannot be read" };
  try {
    const value = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { line, value };
  } catch {
    return { line, problem: "row is not JSON" };
  }
  return { line, problem: "row is not a JSON object" };
}

const NEWLINE = 10;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** One JSON object in each line. */
class LineReader implements Reader {
  readonly #row = new Collected();
  #line = 1;

  *read(chunk: Uint8Array): Iterable<Found> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      this.#row.add(chunk.subarray(start, end === -1 ? undefined : end));
      if (end === -1) return;
      yield* this.end();
      this.#line += 1;
      start = end + 1;
    }
  }

  *end(): Iterable<Found> {
    const taken = this.#row.take();
    if (taken.text?.trim() !== "") yield parsedRow(this.#line, taken);
  }
}

/** A JSON array, an object with the array "users", or objects one after the other. */
class JsonReader implements Reader {
  readonly #row = new Collected();
  #line = 1;
  /** Where the current row began; 0 between rows. */
  #rowLine = 0;
  #depth = 0;
  /** The depth at which rows stand: 0 for objects one after the other, 1 in an array, 2 in the array "users". */
  #level = 0;
  #inString = false;
  #isEscaped = false;
  /** Whether the array of rows has ended; what follows it is not read. */
  #isOver = false;
  /** The last string in the outermost object, and whether it is the name of the member that follows. */
  #name: number[] = [];
  #isNamed = false;

  *read(chunk: Uint8Array): Iterable<Found> {
    let start = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] as number;
      if (byte === NEWLINE) this.#line += 1;
      if (this.#inString) {
        this.#readString(byte);
        continue;
      }
      const isSpace = byte === 32 || byte === NEWLINE || byte === 13 || byte === 9;
      if (isSpace || (byte === 0xef && this.#depth === 0) || byte === 0xbb || byte === 0xbf) continue;
      const isBetween = this.#rowLine === 0 && !this.#isOver && this.#depth === this.#level;
      if (isBetween && this.#opensRows(byte)) continue;
      if (isBetween && byte !== COMMA && byte !== CLOSE_ARRAY && byte !== CLOSE_OBJECT) {
        this.#rowLine = this.#line;
        start = index;
      }
      // A number or word ends where the next row or the array does.
      if (this.#rowLine > 0 && this.#depth === this.#level && (byte === COMMA || byte === CLOSE_ARRAY)) {
        yield this.#ended(chunk.subarray(start, index));
      }
      this.#readOutside(byte);
      if (this.#opensUsers(byte)) continue;
      const hasEnded = (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && this.#depth === this.#level;
      if (this.#rowLine > 0 && hasEnded) yield this.#ended(chunk.subarray(start, index + 1));
      if (byte === CLOSE_ARRAY && this.#depth < this.#level) this.#isOver = true;
    }
    if (this.#rowLine > 0) this.#row.add(chunk.subarray(start));
  }

  *end(): Iterable<Found> {
    if (this.#rowLine > 0) yield { line: this.#rowLine, problem: "the file ends inside this row" };
    else if (this.#depth > 0) yield { line: this.#line, problem: "the file ends before the array of rows does" };
  }

  #ended(part: Uint8Array): Found {
    this.#row.add(part);
    const line = this.#rowLine;
    this.#rowLine = 0;
    return parsedRow(line, this.#row.take());
  }

  #readString(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#inString = false;
    else if (this.#depth === 1 && this.#name.length < 16) this.#name.push(byte);
  }

  #readOutside(byte: number): void {
    if (byte === QUOTE) {
      this.#inString = true;
      if (this.#depth === 1) this.#name = [];
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      this.#depth += 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      this.#depth -= 1;
      if (this.#depth < 0) throw new Failure("INPUT_INVALID", `line ${this.#line} is not JSON`);
    }
    if (this.#depth === 1) this.#isNamed = byte === COLON || (this.#isNamed && byte === QUOTE);
  }

  /** `[` at the beginning of the file. */
  #opensRows(byte: number): boolean {
    if (this.#level !== 0 || byte !== OPEN_ARRAY) return false;
    this.#level = 1;
    this.#depth = 1;
    return true;
  }

  /** `"users": [` in the outermost object, which is then no row itself. */
  #opensUsers(byte: number): boolean {
    const isUsers = this.#level === 0 && byte === OPEN_ARRAY && this.#depth === 2 && this.#isNamed;
    if (!isUsers || String.fromCharCode(...this.#name) !== "users") return false;
    this.#level = 2;
    this.#rowLine = 0;
    this.#row.clear();
    return true;
  }
}

/** Comma-separated values (RFC 4180) with a header, unless the names are given. */
class CsvReader implements Reader {
  readonly #decoder = new TextDecoder();
  #names: readonly string[] | undefined;
  #line = 1;
  #rowLine = 1;
  #fields: string[] = [];
  #field = "";
  #length = 0;
  #isQuoted = false;
  /** Whether the last character in quotes was a quote, which ends the field or stands for itself. */
  #wasQuote = false;
  #separator: string | undefined;

  constructor(names?: readonly string[]) {
    this.#names = names;
    if (names !== undefined) this.#separator = ",";
  }

  *read(chunk: Uint8Array): Iterable<Found> {
    yield* this.#readText(this.#decoder.decode(chunk, { stream: true }));
  }

  *end(): Iterable<Found> {
    yield* this.#readText(this.#decoder.decode());
    if (this.#isQuoted && !this.#wasQuote) yield { line: this.#rowLine, problem: "the file ends inside this row" };
    else if (this.#length > 0) yield* this.#endOfRow();
  }

  *#readText(text: string): Iterable<Found> {
    for (const character of text) {
      this.#length += 1;
      if (this.#isQuoted && !this.#wasQuote) {
        if (character === "\n") this.#line += 1;
        if (character === '"') this.#wasQuote = true;
        else this.#add(character);
      } else if (this.#wasQuote && character === '"') {
        this.#wasQuote = false;
        this.#add(character);
      } else if (character === '"' && this.#field === "" && !this.#isQuoted) {
        this.#isQuoted = true;
      } else if (character === "\n") {
        yield* this.#endOfRow();
        this.#line += 1;
        this.#rowLine = this.#line;
      } else if (this.#isSeparator(character)) {
        this.#endOfField();
      } else if (character !== "\r" && character !== "\ufeff") {
        this.#add(character);
      }
    }
  }

  #add(character: string): void {
    if (this.#length <= MAX_ROW_BYTES) this.#field += character;
  }

  /** Of the header, the first separator decides. */
  #isSeparator(character: string): boolean {
    if (this.#separator === undefined && /[,;\t]/.test(character)) this.#separator = character;
    return character === this.#separator;
  }

  #endOfField(): void {
    // Of a row that is too long, nothing more is kept, however many fields it has.
    if (this.#length <= MAX_ROW_BYTES) this.#fields.push(this.#field);
    this.#field = "";
    this.#isQuoted = false;
    this.#wasQuote = false;
  }

  *#endOfRow(): Iterable<Found> {
    this.#endOfField();
    const [fields, length] = [this.#fields, this.#length];
    this.#fields = [];
    this.#length = 0;
    const line = this.#rowLine;
    if (MAX_ROW_BYTES < length) yield { line, problem: TOO_LONG };
    else if (fields.length === 1 && fields[0] === "") return;
    else if (fields.some((field) => field.includes("\ufffd"))) yield { line, problem: "row is not UTF-8" };
    else if (this.#names === undefined) this.#names = expectNames(fields);
    else if (this.#names.length < fields.length && this.#names !== FIREBASE_COLUMNS)
      yield { line, problem: "row has more fields than the header" };
    else if (this.#names === FIREBASE_COLUMNS && !isOfFirebase(fields))
      yield { line, problem: "row is not of a Firebase export: it has other columns" };
    else yield { line, value: Object.fromEntries(this.#names.map((name, index) => [name, fields[index]])) };
  }
}

function expectNames(fields: readonly string[]): readonly string[] {
  const names = fields.map((field) => field.trim());
  if (new Set(names).size < names.length)
    throw new Failure("INPUT_INVALID", "two columns of the header have the same name");
  return names;
}

/** Without a header, a file of another shape would pass for one of users without a password. */
function isOfFirebase(fields: readonly string[]): boolean {
  return FIREBASE_COLUMNS.length <= fields.length && /^(?:true|false)$/i.test(fields[2] ?? "");
}

/** The first columns of `firebase auth:export users.csv`, which has no header. */
export const FIREBASE_COLUMNS: readonly string[] = ["localId", "email", "emailVerified", "passwordHash", "salt"];
