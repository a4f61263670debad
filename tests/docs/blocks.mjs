// The documents, their code blocks and their tables.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The root of the checkout, with a trailing slash. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The text of a file of the checkout. */
export const read = (path) => readFileSync(root + path, "utf8");

/** The pages of docs/, one for each task, and the README: their paths. */
export const PAGES = [
  "README.md",
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** The decisions and their index: their paths. */
export const DECISIONS = readdirSync(`${root}docs/decisions`).map((name) => `docs/decisions/${name}`);

/** The text under a heading of a page, up to the next heading of the same level or a higher one. */
export function section(path, title) {
  const lines = read(path).split("\n");
  const start = lines.findIndex((line) => line.replace(/^#+ /, "") === title && line.startsWith("#"));
  if (start === -1) throw new Error(`${path} has no section ${JSON.stringify(title)}`);
  const level = lines[start].match(/^#+/)[0].length;
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line) && line.match(/^#+/)[0].length <= level);
  return lines.slice(start + 1, length === -1 ? undefined : start + 1 + length).join("\n");
}

/** The text of a page between two marks: `<!-- name: begin -->` and `<!-- name: end -->`. */
export function marked(path, name) {
  const text = read(path);
  const [begin, end] = marks(name);
  return text.slice(text.indexOf(begin) + begin.length, text.indexOf(end));
}

/** Replaces the text between two marks of a page, and gives the page. */
export function withMarked(path, name, text) {
  const page = read(path);
  const [begin, end] = marks(name);
  return page.slice(0, page.indexOf(begin) + begin.length) + text + page.slice(page.indexOf(end));
}

const marks = (name) => [`<!-- ${name}: begin -->\n`, `<!-- ${name}: end -->`];

/** Every fenced block, in order: its language and its code. */
export function blocks(markdown) {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code }));
}

/** The only block of a language that contains this text. */
export function block(markdown, language, text) {
  const found = blocks(markdown).filter((each) => each.language === language && each.code.includes(text));
  if (found.length !== 1) throw new Error(`${found.length} ${language} blocks with ${JSON.stringify(text)}, not 1`);
  return found[0].code;
}

/** The rows of every table in a text, as lists of cells, without the head rows. */
export function tableRows(markdown) {
  const lines = markdown.split("\n");
  return lines
    .filter((line, index) => line.startsWith("| ") && !/^\|[-:| ]+\|$/.test(lines[index + 1] ?? ""))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}
