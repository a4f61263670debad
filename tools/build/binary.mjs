// Reads and writes parts of WebAssembly modules (WebAssembly Core Specification 2.0, §5).

import { Failure } from "../command.mjs";

export const SECTION = { custom: 0, imports: 2, code: 10, data: 11 };
const FUNCTION = 0;
const GLOBAL = 3;

/** The sections of a module: `at` is where a section begins, its content is from `start` to `end`. */
export function sectionsOf(wasm) {
  const reader = new Reader(wasm, 8);
  const sections = [];
  while (reader.position < wasm.length) {
    const at = reader.position;
    const id = reader.byte();
    const length = reader.number();
    const start = reader.position;
    sections.push({ id, at, start, end: start + length });
    reader.position += length;
  }
  return sections;
}

/** The section with this id. */
export function sectionOf(wasm, id) {
  const found = sectionsOf(wasm).find((section) => section.id === id);
  if (found === undefined) throw new Failure(`the module has no section ${id}`);
  return found;
}

/** A copy of the module in which `content` takes the place of a section's content. */
export function replaceSection(wasm, { id, at, end }, content) {
  return Buffer.concat([wasm.subarray(0, at), section(id, content), wasm.subarray(end)]);
}

/** The bytes of a section. */
export const section = (id, content) => Buffer.concat([Buffer.from([id]), number(content.length), content]);

/** What a module imports: `from`, `name`, `isFunction`, and the bytes of its type. */
export function importsOf(wasm) {
  const { start, end } = sectionOf(wasm, SECTION.imports);
  const reader = new Reader(wasm, start);
  const imports = Array.from({ length: reader.number() }, () => {
    const [from, name] = [reader.name(), reader.name()];
    const position = reader.position;
    const kind = reader.byte();
    if (kind === FUNCTION) reader.number();
    else if (kind === GLOBAL) reader.position += 2;
    else throw new Failure(`the module imports "${name}", which is neither a function nor a global`);
    return { from, name, isFunction: kind === FUNCTION, type: wasm.subarray(position, reader.position) };
  });
  if (reader.position !== end) throw new Failure("the import section of the module was not read whole");
  return imports;
}

/** The functions that a module defines, in order: each is its locals and instructions. */
export function functionsOf(wasm) {
  const reader = new Reader(wasm, sectionOf(wasm, SECTION.code).start);
  return Array.from({ length: reader.number() }, () => reader.bytes());
}

/** The names of all functions, by index. They are there unless the linker removed them. */
export function functionNamesOf(wasm) {
  const names = new Map();
  for (const { id, start, end } of sectionsOf(wasm)) {
    const reader = new Reader(wasm, start);
    if (id !== SECTION.custom || reader.name() !== "name") continue;
    while (reader.position < end) {
      const isOfFunctions = reader.byte() === 1;
      const content = new Reader(reader.bytes(), 0);
      if (!isOfFunctions) continue;
      for (let count = content.number(); count > 0; count -= 1) names.set(content.number(), content.name());
    }
  }
  return names;
}

/** A section with these names of functions. */
export function nameSection(names) {
  const entries = names.flatMap((name, index) => [number(index), text(name)]);
  const content = Buffer.concat([number(names.length), ...entries]);
  return section(SECTION.custom, Buffer.concat([text("name"), section(1, content)]));
}

/** The data that a module puts into its memory: the address of each piece, and its bytes. */
export function dataOf(wasm) {
  const [ACTIVE, I32_CONST, END] = [0, 0x41, 0x0b];
  const reader = new Reader(wasm, sectionOf(wasm, SECTION.data).start);
  return Array.from({ length: reader.number() }, () => {
    if (reader.number() !== ACTIVE || reader.byte() !== I32_CONST) throw new Failure("data without a fixed address");
    const address = reader.number();
    if (reader.byte() !== END) throw new Failure("data without a fixed address");
    return { address, bytes: reader.bytes() };
  });
}

/** A name, with its length. */
export function text(value) {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([number(bytes.length), bytes]);
}

/** An unsigned LEB128 number. */
export function number(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) return Buffer.from(bytes);
  }
}

// Reads bytes, LEB128 numbers and names.
class Reader {
  constructor(source, position) {
    this.source = source;
    this.position = position;
  }

  byte() {
    const byte = this.source[this.position];
    if (byte === undefined) throw new Failure("the module ends too early");
    this.position += 1;
    return byte;
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  // A part of the source, not a copy.
  bytes() {
    const length = this.number();
    this.position += length;
    return this.source.subarray(this.position - length, this.position);
  }

  name() {
    return Buffer.from(this.bytes()).toString("utf8");
  }
}
