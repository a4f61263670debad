// Gives the functions that a module imports from its glue short names.
//
// wasm-bindgen names them like `__wbg_get_d7176cfb76d71114`. The digits do not compress, and both the module and its glue contain them.

import { Failure } from "../command.mjs";
import { importsOf, number, replaceSection, SECTION, sectionOf, text } from "./binary.mjs";

/**
 * What each module calls its glue. wasm-bindgen repeats a file name that is not used for each import. The names differ, so that
 * the glue of one module refuses another module.
 */
const MODULES = {
  argon2: "a",
  formats: "f",
  jwe: "e",
  jwt: "t",
  lite: "l",
  password: "p",
  "post-quantum": "q",
  verify: "v",
};

/** Returns a module and its glue with short names. The module imports functions, and perhaps globals, from its glue. */
export function shortenImports(wasm, glue, module) {
  const file = `./${module}_bg.js`;
  const member = `"${file}": import0,`;
  if (glue.split(member).length !== 2) throw new Failure(`the glue does not have ${member} once`);
  const imports = importsOf(wasm);
  const short = new Map();
  const entries = imports.flatMap(({ from, name, type }) => {
    if (from !== file) throw new Failure(`the module imports from "${from}" instead of "${file}"`);
    if (!short.has(name)) short.set(name, `i${short.size.toString(36)}`);
    return [text(MODULES[module]), text(short.get(name)), type];
  });
  const content = Buffer.concat([number(imports.length), ...entries]);
  const shortened = replaceSection(wasm, sectionOf(wasm, SECTION.imports), content);
  return [shortened, renameIn(glue, short).replace(member, `"${MODULES[module]}": import0,`)];
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
