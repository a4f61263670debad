// The public interface for TypeScript, as text that is committed: `etc/api` has a page for each import. A change of the interface is
// then a change of these pages, which reviewers see.
//
// node tools/api/report.mjs            fails if the pages are not those of pkg/dist
// node tools/api/report.mjs --write    writes them

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, isProgram, main, root } from "../command.mjs";
import { declarationsOf, exportsOf } from "./declarations.mjs";

const FOLDER = "etc/api";
const WRITE = "node tools/api/report.mjs --write";

/**
 * The page of each import, by the name of its file. Each declaration is on one page: that of the first import that exports it. The
 * order is that of `exports` in package.json, but `countersign` comes last, because it has what others have.
 */
export function reports() {
  const { exports } = JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8"));
  const read = (path) => readFileSync(join(root, "pkg/dist", path), "utf8");
  const homes = new Map();
  const entries = Object.entries(exports)
    .filter(([, { import: imported }]) => imported?.types !== undefined)
    .sort(([one], [other]) => (one === ".") - (other === "."))
    .map(([subpath, { import: imported }]) => {
      const title = `countersign${subpath.slice(1)}`;
      const found = exportsOf(imported.types.slice("./dist/".length), read);
      for (const declaration of found.values()) {
        if (!homes.has(keyOf(declaration))) homes.set(keyOf(declaration), title);
      }
      return { title, found };
    });
  return Object.fromEntries(
    entries.map(({ title, found }) => {
      const file = title.replace("countersign/", "").replaceAll("/", "-");
      return [`${file}.md`, page(title, found, read, homes)];
    }),
  );
}

const keyOf = ({ path, name }) => `${path} ${name}`;

function page(title, found, read, homes) {
  const own = [...found].filter(([, declaration]) => homes.get(keyOf(declaration)) === title);
  const others = {};
  for (const [exported, declaration] of found) {
    const home = homes.get(keyOf(declaration));
    if (home === title) continue;
    others[home] ??= [];
    others[home].push(exported);
  }
  const used = usedBy(own, read, homes, title);
  const texts = [
    ...own.map(([exported, { name, text }]) => (exported === name ? text : `// as ${exported}\n${text}`)),
    ...used.map(({ text }) => `// not exported\n${text.replace(/^export /, "")}`),
  ];
  const same = Object.entries(others).map(([home, names]) => `Also from \`${home}\`: ${list(names)}.\n`);
  const code = texts.length === 0 ? [] : [`\`\`\`ts\n${texts.join("\n\n")}\n\`\`\`\n`];
  return [`# ${title}\n`, ...same, ...code].join("\n");
}

/** What the declarations name that no import exports, and what that names. */
function usedBy(own, read, homes, title) {
  const used = [];
  const waiting = own.map(([, declaration]) => declaration);
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const scope = declarationsOf(next.path, read);
    for (const word of new Set(next.text.match(/[A-Za-z_$][\w$]*/g))) {
      const named = scope.get(word);
      if (named === undefined) continue;
      if (homes.has(keyOf(named))) continue;
      homes.set(keyOf(named), title);
      used.push(named);
      waiting.push(named);
    }
  }
  return used.sort((one, other) => (one.name < other.name ? -1 : 1));
}

const list = (names) => names.map((name) => `\`${name}\``).join(", ");

/** The pages that are not as they should be. */
export function outdated() {
  const wanted = reports();
  const folder = join(root, FOLDER);
  const present = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".md")) : [];
  const differs = (name) => !present.includes(name) || readFileSync(join(folder, name), "utf8") !== wanted[name];
  return [...Object.keys(wanted).filter(differs), ...present.filter((name) => wanted[name] === undefined)];
}

function write() {
  const folder = join(root, FOLDER);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(reports())) writeFileSync(join(folder, name), text);
}

if (isProgram(import.meta.url)) {
  await main(async () => {
    const { values } = parseArgs({ options: { write: { type: "boolean" } } });
    if (values.write) return write();
    const names = outdated();
    if (names.length !== 0)
      throw new Failure(`${FOLDER} is not the interface of pkg/: ${names.join(", ")}. Run ${WRITE}`);
  });
}
