// The pages of the site: the texts of the repository, in the same folders, with links that work on the web.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { Failure, root } from "../tools/command.mjs";

/** Where the pages are written, relative to the root. */
export const SOURCE = "site/source";

const TEXTS = ["ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];
// The sections of the README that show the same thing for each kind of program, and the names of their tabs.
const AUDIENCES = { "Cloudflare Workers": "Worker", Node: "Node", Browser: "browser", Rust: "Rust" };

/** Writes every page. */
export async function writePages() {
  rmSync(join(root, SOURCE), { recursive: true, force: true });
  for (const path of [...TEXTS, ...markdownUnder("docs")]) write(path, withTags(path, read(path)), path);
  write("index.md", homePage(read("README.md")), "README.md");
  for (const picture of picturesUnder("docs")) copy(picture);
}

const read = (path) => readFileSync(join(root, path), "utf8");

function write(path, text, origin) {
  const target = join(root, SOURCE, path.replace(/(^|\/)README\.md$/, "$1index.md"));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, withoutMustaches(withLinks(text, origin)));
}

function copy(path) {
  const target = join(root, SOURCE, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, readFileSync(join(root, path)));
}

const filesUnder = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((path) => posix.join(folder, path.replaceAll("\\", "/")))
    .filter((path) => statSync(join(root, path)).isFile());
const markdownUnder = (folder) => filesUnder(folder).filter((path) => path.endsWith(".md"));
const picturesUnder = (folder) => filesUnder(folder).filter((path) => /\.(svg|png)$/.test(path));

/** What the build wrote about the files for CDNs, where a page asks for it. */
function withTags(path, text) {
  if (path !== "docs/browsers.md") return text;
  const [before, after] = text.split(/^<!-- The site shows the import map of its version here\. -->\n/m);
  if (after === undefined) throw new Failure(`${path} has no place for the import map`);
  const [, tags] = read("pkg/dist/cdn/README.md").match(/^(```html\n[\s\S]*?^```\n)/m);
  return before + tags + after;
}

/** Links to pages stay as they are. Links to other files of the repository lead to GitHub. */
function withLinks(text, origin) {
  const { repository } = JSON.parse(read("pkg/package.json"));
  const tree = `${repository.url.replace(/^git\+|\.git$/g, "")}/blob/main/`;
  return text.replace(/(\]\()(?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?(?=\))/g, (_, start, target, anchor = "") => {
    const path = posix.normalize(posix.join(posix.dirname(origin), target));
    if (!existsSync(join(root, path))) throw new Failure(`${origin} links to ${target}, which does not exist`);
    if (path === "README.md") return `${start}/${anchor}`;
    if (isPage(path)) return start + target.replace(/README\.md$/, "index.md") + anchor;
    return start + tree + path + anchor;
  });
}

const isPage = (path) => TEXTS.includes(path) || (path.startsWith("docs/") && /\.(md|svg|png)$/.test(path));

/** Vue would compute what stands between double braces. Code blocks are shown as they are. */
function withoutMustaches(text) {
  return text.replace(/\{\{/g, (found, at) => (isInBlock(text, at) ? found : "&#123;&#123;"));
}

const isInBlock = (text, at) => (text.slice(0, at).match(/^```/gm) ?? []).length % 2 === 1;

/** The beginning of the README, how to install it, and one tab for each kind of program. */
function homePage(readme) {
  const [start, ...sections] = readme.split(/^## /m);
  const of = (name) => {
    const section = sections.find((text) => text.startsWith(`${name}\n`));
    if (section === undefined) throw new Failure(`README.md has no section "${name}"`);
    return section;
  };
  const tabs = Object.entries(AUDIENCES).map(([name, tab]) => {
    const block = of(name).match(/^```(\w+)\n[\s\S]*?^```$/m)?.[0];
    if (block === undefined) throw new Failure(`the section "${name}" of README.md shows no code`);
    return block.replace(/^```(\w+)/, `\`\`\`$1 [${tab}]`);
  });
  const rest = sections.filter(
    (text) => !["Two commands", "Install", ...Object.keys(AUDIENCES)].some((name) => text.startsWith(`${name}\n`)),
  );
  const first = ["## Install", ...of("Install").split("\n").slice(1)].join("\n");
  const shown = [
    "## In your program",
    "",
    "::: code-group",
    "",
    ...tabs,
    "",
    ":::",
    "",
    "[Documentation](docs/README.md) has a page per task.",
    "",
  ];
  return [start, first, shown.join("\n"), ...rest.map((text) => `## ${text}`)].join("\n");
}
