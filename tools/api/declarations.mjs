// Reads the declarations that the TypeScript compiler writes. Its output has one form: statements begin in the first column, and
// what is inside them does not. So no parser is needed, and TypeScript 7 has none for programs in JavaScript.

import { posix } from "node:path";
import { Failure } from "../command.mjs";

const NAMED =
  /^(?:export )?(?:declare )?(?:abstract )?(?:class|const|enum|function|interface|let|namespace|type) ([\w$]+)/;
const IMPORT = /^import (?:type )?(?:\* as ([\w$]+)|\{([^}]*)\}) from "([^"]+)";$/;
const REEXPORT = /^export (?:type )?\{([^}]*)\}(?: from "([^"]+)")?;$/;
const STAR = /^export (?:type )?\* from "([^"]+)";$/;
const EMPTY = /^export \{\};$/;

/**
 * What a file exports: the declarations by their exported names, sorted. A declaration is the file that has it, its name there and its
 * text without comments.
 */
export function exportsOf(path, read) {
  return new Map([...allExports(path, read)].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function allExports(path, read) {
  return once(`exports of ${path}`, read, () => findExports(path, read));
}

function findExports(path, read) {
  const found = new Map();
  const scope = declarationsOf(path, read);
  for (const statement of statements(path, read)) {
    const star = STAR.exec(statement);
    if (star) for (const [name, declaration] of allExports(fileOf(path, star[1]), read)) found.set(name, declaration);
    const listed = REEXPORT.exec(statement);
    if (listed) {
      const from = listed[2] === undefined ? scope : isOurs(listed[2]) && allExports(fileOf(path, listed[2]), read);
      for (const [local, name] of names(listed[1])) {
        const declaration = from
          ? from.get(local)
          : { path: listed[2], name: local, text: `// ${local} of "${listed[2]}"` };
        if (declaration === undefined) throw new Failure(`${path} exports ${local}, which is declared nowhere`);
        found.set(name, declaration);
      }
    }
    const named = statement.startsWith("export ") && NAMED.exec(statement)?.[1];
    if (named) found.set(named, scope.get(named));
  }
  return found;
}

/** What is known in a file: its own declarations, and those that it imports from the package. */
export function declarationsOf(path, read) {
  return once(`declarations of ${path}`, read, () => findDeclarations(path, read));
}

function findDeclarations(path, read) {
  const scope = new Map();
  for (const statement of statements(path, read)) {
    const name = NAMED.exec(statement)?.[1];
    if (name !== undefined) {
      const text = scope.has(name) ? `${scope.get(name).text}\n${statement}` : statement;
      scope.set(name, { path, name, text });
      continue;
    }
    const imported = IMPORT.exec(statement);
    if (imported) {
      const [, all, listed, from] = imported;
      if (all !== undefined || !isOurs(from)) continue;
      const theirs = allExports(fileOf(path, from), read);
      for (const [theirName, local] of names(listed))
        if (theirs.has(theirName)) scope.set(local, theirs.get(theirName));
      continue;
    }
    if (!REEXPORT.test(statement) && !STAR.test(statement) && !EMPTY.test(statement)) {
      throw new Failure(`${path} has a statement of an unknown form: ${statement.split("\n")[0]}`);
    }
  }
  return scope;
}

const isOurs = (specifier) => specifier.startsWith(".");
const fileOf = (path, specifier) => posix.join(posix.dirname(path), specifier.replace(/\.js$/, ".d.ts"));

/** `A, type B as C` as pairs of names: there and here. */
function names(listed) {
  return listed
    .split(",")
    .map((each) => each.trim().replace(/^type /, ""))
    .filter(Boolean)
    .map((each) => {
      const [there, here = there] = each.split(" as ");
      return [there, here];
    });
}

const statements = (path, read) => once(`statements of ${path}`, read, () => split(withoutComments(read(path))));

const known = new WeakMap();

/** Finds something once for each function that reads files. */
function once(name, read, find) {
  if (!known.has(read)) known.set(read, new Map());
  const found = known.get(read);
  if (!found.has(name)) found.set(name, find());
  return found.get(name);
}

/** Comments, and the mark of a class with private fields. A string never has the beginning of a comment there. */
function withoutComments(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "")
    .replace(/^\s*#private;$/gm, "")
    .replace(/[ \t]+$/gm, "")
    .replace(/\n{2,}/g, "\n")
    .trim();
}

function split(text) {
  const found = [];
  for (const line of text.split("\n")) {
    const isStart = /^[a-z]/.test(line);
    if (isStart) found.push(line);
    else if (line !== "" && found.length !== 0) found[found.length - 1] += `\n${line}`;
  }
  return found;
}
