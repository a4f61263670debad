// Moves exported functions into a table, to make modules load faster.
//
// When V8 compiles a module, it also compiles a wrapper for each signature among the exports, so that JavaScript can call it.
// It has ready-made wrappers only for signatures with numbers and at most one result. In Node 20, compiling the wrappers took
// as long as compiling the rest of the token module. The wrapper of a function in a table is compiled when JavaScript first
// gets the function from the table.

import binaryen from "binaryen";
import { Failure } from "../command.mjs";

const TABLE = "functions";
/** What wasm-bindgen exports for its handling of aborts, which the glue does not use: the package recovers in its own way. */
const UNUSED = ["__abort_handler", "__instance_terminated"];

/** Moves the exports without a ready-made wrapper into a table. Returns the new module, and the names in the table's order. */
export function moveIntoTable(bytes) {
  const module = binaryen.readBinary(bytes);
  const moved = functionsExportedBy(module).filter(({ isPlain }) => !isPlain);
  module.addTable(TABLE, moved.length, moved.length);
  const functions = moved.map(({ internalName }) => internalName);
  module.addActiveElementSegment(TABLE, TABLE, functions, module.i32.const(0));
  module.addTableExport(TABLE, TABLE);
  for (const { name } of moved) module.removeExport(name);
  for (const name of UNUSED) module.removeExport(name);
  const written = module.emitBinary();
  module.dispose();
  return { bytes: written, names: moved.map(({ name }) => name) };
}

function functionsExportedBy(module) {
  const every = Array.from({ length: module.getNumExports() }, (_, index) => module.getExportByIndex(index));
  return every
    .map(binaryen.getExportInfo)
    .filter(({ kind }) => kind === binaryen.ExternalFunction)
    .map(({ name, value }) => ({ name, internalName: value, isPlain: isPlain(module.getFunction(value)) }));
}

function isPlain(found) {
  const { params, results } = binaryen.getFunctionInfo(found);
  const numbers = [binaryen.i32, binaryen.i64, binaryen.f32, binaryen.f64];
  const given = binaryen.expandType(results);
  return given.length < 2 && [...binaryen.expandType(params), ...given].every((type) => numbers.includes(type));
}

/** Makes the glue call the functions `names` through the table. */
export function callFromTable(glue, names) {
  const missing = new Set(names);
  const calling = glue.replace(/\bwasm\.(\w+)\(/g, (call, name) => {
    const place = names.indexOf(name);
    if (place < 0) return call;
    missing.delete(name);
    return `functionAt(${place})(`;
  });
  if (missing.size !== 0) throw new Failure(`the glue does not call ${[...missing].join(", ")}`);
  // A restarted instance has a new table.
  return `${calling}
let functionTable, functionsTaken;
function functionAt(place) {
    if (functionTable !== wasm.${TABLE}) {
        functionTable = wasm.${TABLE};
        functionsTaken = [];
    }
    return functionsTaken[place] ??= functionTable.get(place);
}
`;
}
