// Gives the functions that a module imports from its glue short names.
//
// wasm-bindgen names them like `__wbg_get_d7176cfb76d71114`. The digits do not compress, and both the module and its glue contain them.

import { Failure } from "../command.mjs";

/**
 * What each module calls its glue. wasm-bindgen repeats a file name that is not used for each import. The names differ, so that
 * the glue of one module refuses another module.
 */
const MODULES = { argon2: "a", formats: "f", jwe: "e", jwt: "t", password: "p" };

const IMPORT_SECTION = 2;
const FUNCTION = 0;
const GLOBAL = 3;

/** Returns a module and its glue with short names. The module imports functions, and perhaps globals, from its glue. */
export function shortenImports(wasm, glue, module) {
  const file = `./${module}_bg.js`;
  const member = `"${file}": import0,`;
  if (glue.split(member).length !== 2) throw new Failure(`the glue does not have ${member} once`);
  const section = findSection(wasm, IMPORT_SECTION);
  const reader = new Reader(wasm, section.start);
  const count = reader.number();
  const entries = [];
  const short = new Map();
  for (let index = 0; index < count; index += 1) {
    const from = reader.name();
    const name = reader.name();
    const start = reader.position;
    const kind = reader.byte();
    if (kind === FUNCTION) reader.number();
    else if (kind === GLOBAL) reader.position += 2;
    else throw new Failure(`the module imports "${name}", which is neither a function nor a global`);
    if (!short.has(name)) short.set(name, `i${short.size.toString(36)}`);
    if (from !== file) throw new Failure(`the module imports from "${from}" instead of "${file}"`);
    entries.push(text(MODULES[module]), text(short.get(name)), wasm.subarray(start, reader.position));
  }
  if (reader.position !== section.end) throw new Failure("the import section of the module was not read whole");
  const content = Buffer.concat([number(count), ...entries]);
  const parts = [wasm.subarray(0, section.at + 1), number(content.length), content, wasm.subarray(section.end)];
  return [Buffer.concat(parts), renameIn(glue, short).replace(member, `"${MODULES[module]}": import0,`)];
}

// The glue defines each as a member `name: function(…` of one object.
function renameIn(glue, short) {
  let found = 0;
  const renamed = glue.replace(/^( +)(\w+): function\(/gm, (whole, indent, name) => {
    if (!short.has(name)) return whole;
    found += 1;
    return `${indent}${short.get(name)}: function(`;
  });
  if (found !== short.size) throw new Failure(`the glue defines ${found} of the module's ${short.size} imports`);
  return renamed;
}

function findSection(wasm, wanted) {
  const reader = new Reader(wasm, 8);
  while (reader.position < wasm.length) {
    const at = reader.position;
    const id = reader.byte();
    const length = reader.number();
    const start = reader.position;
    if (id === wanted) return { at, start, end: start + length };
    reader.position += length;
  }
  throw new Failure("the module has no imports");
}

// Reads bytes, LEB128 numbers and names.
class Reader {
  constructor(bytes, position) {
    this.bytes = bytes;
    this.position = position;
  }

  byte() {
    const byte = this.bytes[this.position];
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

  name() {
    const length = this.number();
    this.position += length;
    return Buffer.from(this.bytes.subarray(this.position - length, this.position)).toString("utf8");
  }
}

function text(value) {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([number(bytes.length), bytes]);
}

function number(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) return Buffer.from(bytes);
  }
}
