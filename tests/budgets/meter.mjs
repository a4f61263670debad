// Adds a counter of executed instructions to a WebAssembly module. The module does the same as before; the exported global
// `instructions` says how many of its instructions have run, so that work is counted exactly and not timed.
//
// Every sequence of instructions without a branch is counted at its start. Bulk copies and fills count as one instruction.

/** The name of the exported counter. */
export const COUNTER = "instructions";

const SECTION = { import: 2, global: 6, export: 7, code: 10 };
const ORDER = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11];
const GLOBAL_KIND = 3;
const I64 = 0x7e;
const MUTABLE = 1;
const [I64_CONST, I64_ADD, GLOBAL_GET, GLOBAL_SET, END] = [0x42, 0x7c, 0x23, 0x24, 0x0b];

/** The module with its counter. */
export function metered(bytes) {
  const sections = readSections(bytes);
  const globals = countOf(sections, SECTION.global);
  const index = importedGlobals(sections.get(SECTION.import)) + globals;
  appendTo(sections, SECTION.global, [I64, MUTABLE, I64_CONST, 0, END]);
  appendTo(sections, SECTION.export, [COUNTER.length, ...Buffer.from(COUNTER), GLOBAL_KIND, ...unsigned(index)]);
  sections.set(SECTION.code, meteredCode(sections.get(SECTION.code), index));
  const parts = [bytes.subarray(0, 8)];
  for (const id of ORDER.filter((each) => sections.has(each))) {
    const body = sections.get(id);
    parts.push(Buffer.from([id, ...unsigned(body.length)]), body);
  }
  return Buffer.concat(parts);
}

/** The bodies of all sections but custom ones, by id. */
function readSections(bytes) {
  const reader = new Reader(bytes);
  reader.skip(8);
  const found = new Map();
  while (!reader.done) {
    const id = reader.byte();
    const body = reader.bytes(reader.unsigned());
    if (id !== 0) found.set(id, body);
  }
  return found;
}

const countOf = (sections, id) => (sections.has(id) ? new Reader(sections.get(id)).unsigned() : 0);

/** Adds an entry to a section that is a list. */
function appendTo(sections, id, entry) {
  const reader = new Reader(sections.get(id) ?? Buffer.from([0]));
  const count = reader.unsigned();
  sections.set(id, Buffer.concat([Buffer.from(unsigned(count + 1)), reader.rest(), Buffer.from(entry)]));
}

function importedGlobals(section) {
  if (section === undefined) return 0;
  const reader = new Reader(section);
  let globals = 0;
  for (let count = reader.unsigned(); 0 < count; count -= 1) {
    reader.skip(reader.unsigned());
    reader.skip(reader.unsigned());
    const kind = reader.byte();
    if (kind === 0) reader.unsigned();
    else if (kind === GLOBAL_KIND) {
      reader.skip(2);
      globals += 1;
    } else {
      if (kind === 1) reader.byte();
      const hasMaximum = reader.unsigned() & 1;
      reader.unsigned();
      if (hasMaximum) reader.unsigned();
    }
  }
  return globals;
}

function meteredCode(section, index) {
  const reader = new Reader(section);
  const count = reader.unsigned();
  const parts = [Buffer.from(unsigned(count))];
  for (let each = 0; each < count; each += 1) {
    const body = meteredFunction(reader.bytes(reader.unsigned()), index);
    parts.push(Buffer.from(unsigned(body.length)), body);
  }
  return Buffer.concat(parts);
}

function meteredFunction(body, index) {
  const reader = new Reader(body);
  for (let groups = reader.unsigned(); 0 < groups; groups -= 1) {
    reader.unsigned();
    reader.byte();
  }
  const parts = [body.subarray(0, reader.at)];
  const counter = Buffer.from(unsigned(index));
  let start = reader.at;
  let length = 0;
  while (!reader.done) {
    const opcode = reader.byte();
    reader.operands(opcode);
    length += 1;
    if (!ends(opcode)) continue;
    parts.push(
      Buffer.concat([
        Buffer.from([GLOBAL_GET]),
        counter,
        Buffer.from([I64_CONST, ...signed(length), I64_ADD, GLOBAL_SET]),
        counter,
        body.subarray(start, reader.at),
      ]),
    );
    start = reader.at;
    length = 0;
  }
  return Buffer.concat(parts);
}

/** Whether control may leave after an instruction, or arrive. */
const ends = (opcode) => (0x03 <= opcode && opcode <= 0x0f) || opcode === 0x00;

/** Reads the binary format: https://webassembly.github.io/spec/core/binary. */
class Reader {
  at = 0;
  #bytes;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  get done() {
    return this.at === this.#bytes.length;
  }

  byte() {
    this.at += 1;
    return this.#bytes[this.at - 1];
  }

  skip(length) {
    this.at += length;
  }

  bytes(length) {
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  rest() {
    return this.#bytes.subarray(this.at);
  }

  unsigned() {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  /** Passes the operands of an instruction. */
  operands(opcode) {
    if (opcode === 0xfc) return this.#bulk(this.unsigned());
    if (opcode === 0xfd) return this.#vector(this.unsigned());
    const shape = SHAPES.find(([first, last]) => first <= opcode && opcode <= last)?.[2];
    if (shape === undefined) throw new RangeError(`opcode 0x${opcode.toString(16)} at ${this.at} is not known`);
    for (const kind of shape) this.#operand(kind);
  }

  #operand(kind) {
    if (kind === "u") this.unsigned();
    // A list of labels, and the default.
    else if (kind === "labels") for (let count = this.unsigned(); 0 <= count; count -= 1) this.unsigned();
    else if (kind === "types") for (let count = this.unsigned(); 0 < count; count -= 1) this.unsigned();
    else if (kind === "memory") {
      if (64 <= this.unsigned()) this.unsigned();
      this.unsigned();
    } else this.skip(kind);
  }

  #bulk(code) {
    const counts = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];
    for (let count = counts[code]; 0 < count; count -= 1) this.unsigned();
  }

  #vector(code) {
    if (code <= 11 || code === 92 || code === 93) this.#operand("memory");
    else if (code === 12 || code === 13) this.skip(16);
    else if (21 <= code && code <= 34) this.skip(1);
    else if (84 <= code && code <= 91) {
      this.#operand("memory");
      this.skip(1);
    }
  }
}

/** The operands of instructions, by ranges of opcodes: LEB128 numbers, or so many bytes. */
const SHAPES = [
  [0x00, 0x01, []],
  [0x02, 0x04, ["u"]],
  [0x05, 0x05, []],
  [0x0b, 0x0b, []],
  [0x0c, 0x0d, ["u"]],
  [0x0e, 0x0e, ["labels"]],
  [0x0f, 0x0f, []],
  [0x10, 0x10, ["u"]],
  [0x11, 0x11, ["u", "u"]],
  [0x1a, 0x1b, []],
  [0x1c, 0x1c, ["types"]],
  [0x20, 0x26, ["u"]],
  [0x28, 0x3e, ["memory"]],
  [0x3f, 0x42, ["u"]],
  [0x43, 0x43, [4]],
  [0x44, 0x44, [8]],
  [0x45, 0xc4, []],
  [0xd0, 0xd0, ["u"]],
  [0xd1, 0xd1, []],
  [0xd2, 0xd2, ["u"]],
];

function unsigned(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

/** A positive number as LEB128 with a sign. */
function signed(value) {
  const bytes = unsigned(value);
  return bytes.at(-1) < 64 ? bytes : [...bytes.slice(0, -1), bytes.at(-1) | 128, 0];
}
