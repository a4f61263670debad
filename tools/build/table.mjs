// Functions of a module that JavaScript takes out of a table, and not by name.
//
// While V8 compiles a module it also compiles, for each signature among the exports, the code by which JavaScript calls it,
// whether or not anything ever does; only where numbers go in and at most one comes out does it have that code already. In
// Node 20 this took as long as everything else about the token module. For a function that stands in a table it is
// compiled when the function is first taken out.

import binaryen from "binaryen";
import { Failure } from "../command.mjs";

const TABLE = "functions";

/** Moves what the module `bytes` exports with other than such a signature into a table: the new module, and the names by their places. */
export function moveIntoTable(bytes) {
  const module = binaryen.readBinary(bytes);
  const moved = functionsExportedBy(module).filter(({ isPlain }) => !isPlain);
  module.addTable(TABLE, moved.length, moved.length);
  const functions = moved.map(({ internalName }) => internalName);
  module.addActiveElementSegment(TABLE, TABLE, functions, module.i32.const(0));
  module.addTableExport(TABLE, TABLE);
  for (const { name } of moved) module.removeExport(name);
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

/** The glue, calling the functions `names` by their places in the table. */
export function callFromTable(glue, names) {
  const missing = new Set(names);
  const calling = glue.replace(/\bwasm\.(\w+)\(/g, (call, name) => {
    const place = names.indexOf(name);
    if (place < 0) return call;
    missing.delete(name);
    return `functionAt(${place})(`;
  });
  if (missing.size !== 0) throw new Failure(`the glue does not call ${[...missing].join(", ")}`);
  // An instance that was started over has a table of its own.
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
