// The code blocks of a Markdown text.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The root of the checkout, with a slash at its end. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The text of a file of the checkout. */
export const read = (path) => readFileSync(root + path, "utf8");

/** Every fenced block, in order: its language and its code. */
export function blocks(markdown) {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({ language, code }));
}

/** The one block of a language that has this text in it. */
export function block(markdown, language, text) {
  const found = blocks(markdown).filter((each) => each.language === language && each.code.includes(text));
  if (found.length !== 1) throw new Error(`${found.length} ${language} blocks with ${JSON.stringify(text)}, not 1`);
  return found[0].code;
}

/** The rows of every table in a text, as lists of cells, without heads and rules. */
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
