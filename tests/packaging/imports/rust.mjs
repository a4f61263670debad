// The import graph of a Rust crate, file by file.
//
// An arrow leads from a file to the file that defines what it names, whichever modules re-export it on the way. So a
// parent that only re-exports a child has no arrow to it, and a child that reaches a sibling through `super::` has none to
// the parent. A parent that uses a child that uses an item of the parent is a cycle. Tests inside a file may look at
// everything and are left out.

/** The graph of a crate: `files` are the texts of its files by their paths, among them `src/lib.rs`. */
export function rustGraph(files) {
  const crate = new Map();
  for (const [path, text] of Object.entries(files)) readFile(crate, path, text);
  const graph = new Map([...new Set([...crate.values()].map(({ file }) => file))].map((file) => [file, new Map()]));
  for (const module of crate.values()) {
    for (const { path, line } of arrowPaths(crate, module)) {
      for (const { file } of definers(crate, module, path)) {
        if (file !== module.file && !graph.get(module.file).has(file)) {
          graph.get(module.file).set(file, `line ${line}: ${path.join("::")}`);
        }
      }
    }
  }
  return graph;
}

/** The paths in a module by which it needs others. */
function arrowPaths(crate, { name, imports, paths, words }) {
  const isBelow = (target) => target.name.startsWith(`${name}::`) || (name === "crate" && target.name !== name);
  const needed = imports.filter(({ path, alias, isPublic }) => {
    // A module that is imported is needed for what the paths through it name, and those are looked at one by one.
    if (alias !== "*" && isModule(crate, name, path)) return false;
    const reexportsChild = isPublic && definers(crate, crate.get(name), path).every(isBelow);
    return !reexportsChild || words.has(alias);
  });
  return [...needed, ...paths];
}

const isModule = (crate, from, path) => {
  const found = find(crate, crate.get(from), path, new Set());
  return 0 < found.length && found.every(({ item }) => item === undefined);
};

/** The modules that define what a path names: none where it is another crate's, or an item of the file itself. */
function definers(crate, module, path) {
  return find(crate, module, path, new Set()).map((found) => found.module);
}

/** What a path may name, seen from a module: each `{ module, item }`, without an item for the module itself. */
function find(crate, module, path, seen) {
  const key = `${module.name} ${path.join("::")}`;
  if (seen.has(key)) return [];
  seen.add(key);
  const [first, ...rest] = path;
  if (first === "crate") return within(crate, crate.get("crate"), rest, seen);
  if (first === "self") return within(crate, module, rest, seen);
  if (first === "super") {
    const parent = crate.get(module.name.slice(0, module.name.lastIndexOf("::")));
    return within(crate, parent, rest, seen);
  }
  // Seen from a module, a name is what the module declares or imports, or else another crate's.
  const declared = crate.has(`${module.name}::${first}`) || module.imports.some(({ alias }) => alias === first);
  return declared ? within(crate, module, path, seen) : [];
}

function within(crate, module, path, seen) {
  if (module === undefined) return [];
  if (path.length === 0) return [{ module }];
  const [first, ...rest] = path;
  if (first === "self") return within(crate, module, rest, seen);
  if (first === "super") return find(crate, module, path, seen);
  if (first === "*") return [{ module, item: "*" }];
  const found = [];
  const child = crate.get(`${module.name}::${first}`);
  // A module and a function may share a name; a longer path goes through the module.
  if (child !== undefined) found.push(...within(crate, child, rest, seen));
  for (const { path: imported } of module.imports.filter(({ alias }) => alias === first)) {
    // `use verify::verify` begins with the child, or with another crate where there is no such child.
    const own = imported[0] !== first;
    const targets = own ? find(crate, module, imported, seen) : within(crate, child, imported.slice(1), seen);
    for (const target of targets) {
      // What follows an item is a variant or a function of it.
      found.push(...(target.item === undefined ? within(crate, target.module, rest, seen) : [target]));
    }
  }
  if (found.length === 0) {
    const globs = module.imports.filter(({ alias }) => alias === "*").map(({ path: glob }) => glob.slice(0, -1));
    for (const glob of globs) {
      for (const target of find(crate, module, glob, seen)) {
        if (target.item === undefined && target.module.defined.has(first)) found.push({ ...target, item: first });
      }
    }
  }
  if (module.defined.has(first) || found.length === 0) found.push({ module, item: first });
  return found;
}

/** Reads a file into its modules: its own, and those that are written inside it. */
function readFile(crate, path, text) {
  const tokens = withoutTests(tokensOf(text));
  const name = ["crate", ...path.replace(/^src\/|\.rs$/g, "").split("/")].join("::").replace(/^crate::lib$/, "crate");
  readModule(crate, name, path, tokens);
}

function readModule(crate, name, file, tokens) {
  const module = { name, file, imports: [], paths: [], words: new Set(), defined: new Set() };
  crate.set(name, module);
  let depth = 0;
  for (let at = 0; at < tokens.length; at += 1) {
    const { text, line } = tokens[at];
    const next = tokens[at + 1]?.text;
    if (text === "{") depth += 1;
    else if (text === "}") depth -= 1;
    else if (text === "mod" && tokens[at + 2]?.text === "{") {
      const end = closing(tokens, at + 2);
      readModule(crate, `${name}::${next}`, file, tokens.slice(at + 3, end));
      at = end;
    } else if (text === "use") {
      const end = tokens.findIndex((token, index) => at < index && token.text === ";");
      const isPublic = tokens[at - 1]?.text === "pub" || (tokens[at - 1]?.text === ")" && isVisibility(tokens, at - 1));
      for (const tree of useTree(tokens.slice(at + 1, end))) module.imports.push({ ...tree, line, isPublic });
      at = end;
    } else if (depth === 0 && DEFINES.has(text) && isWord(next)) {
      module.defined.add(next);
      at += 1;
    } else if (isWord(text) && next === "::" && tokens[at - 1]?.text !== "::") {
      const path = [text];
      while (tokens[at + 1]?.text === "::" && isWord(tokens[at + 2]?.text)) {
        path.push(tokens[at + 2].text);
        at += 2;
      }
      module.words.add(path[0]);
      if (1 < path.length) module.paths.push({ path, line });
    } else if (isWord(text) && tokens[at - 1]?.text !== "." && tokens[at - 1]?.text !== "::") module.words.add(text);
  }
}

const DEFINES = new Set(["fn", "struct", "enum", "trait", "type", "const", "static", "union"]);
const isWord = (text) => text !== undefined && /^[A-Za-z_]/.test(text);

// `pub(crate)`, `pub(super)`, `pub(in path)`.
function isVisibility(tokens, end) {
  let at = end;
  while (0 < at && tokens[at].text !== "(") at -= 1;
  return tokens[at - 1]?.text === "pub";
}

/** The paths of a `use` tree, each with the name that it gives: `*` for all. */
function useTree(tokens, prefix = []) {
  const path = [...prefix];
  for (let at = 0; at < tokens.length; at += 1) {
    const { text } = tokens[at];
    if (text === "::") continue;
    if (text === "{") {
      const inner = tokens.slice(at + 1, closing(tokens, at));
      return branches(inner).flatMap((branch) => useTree(branch, path));
    }
    if (text === "as") return [{ path, alias: tokens[at + 1].text }];
    path.push(text);
  }
  const named = path.at(-1) === "self" ? path.slice(0, -1) : path;
  return path.length === 0 ? [] : [{ path: named, alias: named.at(-1) }];
}

function branches(tokens) {
  const found = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "{") depth += 1;
    if (token.text === "}") depth -= 1;
    if (token.text === "," && depth === 0) found.push([]);
    else found.at(-1).push(token);
  }
  return found.filter((branch) => 0 < branch.length);
}

function closing(tokens, open) {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (tokens[at].text === "{") depth += 1;
    if (tokens[at].text === "}") depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`line ${tokens[open].line}: a brace is not closed`);
}

// An item under #[cfg(test)] has a body, or ends with a semicolon.
function withoutTests(tokens) {
  const kept = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const isTest = ["#", "[", "cfg", "(", "test", ")", "]"].every((text, index) => tokens[at + index]?.text === text);
    if (!isTest) {
      kept.push(tokens[at]);
      continue;
    }
    while (tokens[at].text !== "{" && tokens[at].text !== ";") at += 1;
    if (tokens[at].text === "{") at = closing(tokens, at);
  }
  return kept;
}

// Comments, strings, characters and lifetimes name nothing.
const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|b?r(#*)"[\s\S]*?"\1|b?"(?:[^"\\]|\\[\s\S])*"|b?'(?:[^'\\]|\\(?:[^u]|u\{[^}]*\}|x[0-7][0-9A-Fa-f]))'|'[A-Za-z_]\w*|(?<word>r#\w+|[A-Za-z_]\w*)|\d[\w.]*|(?<sign>::|\S)/g;

function tokensOf(text) {
  const tokens = [];
  let line = 1;
  let counted = 0;
  for (const { 0: whole, groups, index } of text.matchAll(TOKEN)) {
    const found = groups.word ?? groups.sign;
    if (found === undefined) continue;
    line += text.slice(counted, index).split("\n").length - 1;
    counted = index;
    tokens.push({ text: whole, line });
  }
  return tokens;
}
