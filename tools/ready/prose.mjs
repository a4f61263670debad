// Looks for hard-to-read phrases in documents, comments, page texts and messages: `node tools/ready/prose.mjs [path…]`.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { isProgram, root } from "../command.mjs";
import { PHRASES } from "./phrases.mjs";

/** Places where a phrase may stay: a path, a text on the line, and why. */
const ALLOWED = [
  { path: "tools/ready/phrases.mjs", text: "", why: "names the phrases" },
  { path: "tests/packaging/prose.test.mjs", text: "", why: "names the phrases" },
  { path: "pkg/src/strength/words.ts", text: "and derivatives thereof", why: "quotes NIST SP 800-63B" },
  { path: "tests/strength/cases.mjs", text: "derivatives thereof", why: "quotes NIST SP 800-63B" },
];

/** Data, and the words of others. */
const SKIPPED = /\.(json|lock|svg|bin)$|^tests\/vectors\/.*\.(json|pem)$|^LICENSE/;

/** Every finding in the files: `{ path, line, found, instead }`. */
export function findings(files) {
  return Object.entries(files).flatMap(([path, text]) =>
    sentences(path, text).flatMap(({ line, words }) =>
      PHRASES.flatMap(({ pattern, instead }) => {
        const flags = pattern.flags === "" ? "i" : "";
        const found = words.match(new RegExp(pattern.source, flags))?.[0].trim();
        if (found === undefined) return [];
        const isAllowed = ALLOWED.some((place) => place.path === path && words.includes(place.text));
        return isAllowed ? [] : [{ path, line, found: found.slice(0, 60), instead }];
      }),
    ),
  );
}

/** The prose of a file, a paragraph at a time, with the line it begins on. */
function sentences(path, text) {
  if (/\.md$/.test(path)) return paragraphs(text, markdown);
  if (/\.(html|css)$/.test(path)) return [...paragraphs(text, markup), ...comments(text)];
  if (/\.(toml|ya?ml|sh|py)$|^\.ci\//.test(path)) return paragraphs(text, hashComment);
  return [...comments(text), ...strings(text)];
}

// Lines of prose that follow each other are one paragraph, so that a phrase is found across a line's end.
function paragraphs(text, proseOf) {
  const found = [];
  let current;
  for (const [index, raw] of text.split("\n").entries()) {
    const prose = proseOf(raw);
    if (prose === undefined || prose.trim() === "" || /^\s*([-*#|>]|\d+\.) /.test(prose)) current = undefined;
    if (prose === undefined || prose.trim() === "") continue;
    if (current === undefined) {
      current = { line: index + 1, words: "" };
      found.push(current);
    }
    current.words = `${current.words} ${prose.trim()}`.trim();
  }
  return found.map(({ line, words }) => ({ line, words: words.replace(/^([-*#>|]+|\d+\.)\s+/, "") }));
}

const markdown = (line) => line.replace(/`[^`]*`/g, "code").replace(/^#+ .*$/, "");
const markup = (line) => line.replace(/<[^>]*>/g, " ");
const hashComment = (line) => line.match(/^\s*#+!?\s?(.*)$/)?.[1];

function comments(text) {
  const lines = (line) =>
    line.match(/(?:^|\s)\/\/[/!]?\s?(.*)$/)?.[1] ?? line.match(/^\s*(?:\/\*\*?|\*(?!\/))\s?(.*?)(\*\/)?$/)?.[1];
  return paragraphs(text, (line) => lines(line)?.replace(/`[^`]*`/g, "code"));
}

// Messages: strings that are sentences, and not code or data.
function strings(text) {
  return text.split("\n").flatMap((line, index) => {
    if (/^\s*(\/\/|\*|\/\*)/.test(line)) return [];
    const found = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(([, one, two]) => one ?? two);
    return found.filter((words) => 3 < words.split(" ").length).map((words) => ({ line: index + 1, words }));
  });
}

/** The tracked files, or those of them whose paths begin with one of `prefixes`. */
export function trackedFiles(prefixes = []) {
  const listed = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0").filter(Boolean);
  const wanted = listed.filter((path) => existsSync(root + path) && !SKIPPED.test(path));
  const chosen = wanted.filter((path) => prefixes.length === 0 || prefixes.some((prefix) => path.startsWith(prefix)));
  const texts = chosen.map((path) => [path, readFileSync(root + path)]);
  return Object.fromEntries(
    texts.filter(([, bytes]) => !bytes.includes(0)).map(([path, bytes]) => [path, bytes.toString()]),
  );
}

if (isProgram(import.meta.url)) {
  const found = findings(trackedFiles(process.argv.slice(2)));
  for (const { path, line, found: phrase, instead } of found)
    console.log(`${path}:${line}: "${phrase}": write ${instead}`);
  console.log(`${found.length} phrases to rewrite`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
