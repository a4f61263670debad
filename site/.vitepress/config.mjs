// How VitePress shows the pages that site/pages.mjs and site/reference.mjs wrote.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import llms from "vitepress-plugin-llms";
import { searchRoles } from "./search-roles.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const source = join(root, "site/source");
const site = "https://countersign.dev";

export default defineConfig({
  title: "countersign",
  description: "JSON Web Tokens and password hashing that behave the same in every runtime",
  lang: "en-US",
  srcDir: source,
  outDir: join(root, ".cache/site/dist"),
  cacheDir: join(root, ".cache/site/vitepress"),
  cleanUrls: true,
  lastUpdated: false,
  // rustdoc adds /rust/ and the build /workbench/ afterwards; the others are programs that readers start themselves.
  ignoreDeadLinks: [/^\/(rust|workbench)\//, /^https?:\/\/localhost/],
  sitemap: { hostname: site },
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: (markdown) => markdown.core.ruler.push("corners", cornersOfTables),
  },
  vite: { plugins: [searchRoles(), llms({ domain: site, ignoreFiles: ["reference/**", "docs/decisions/**"] })] },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Documentation", link: "/docs/" },
      { text: "Reference", link: "/reference/" },
      { text: "Rust", link: "/rust/countersign/index.html", target: "_self" },
      { text: "Workbench", link: "/workbench/index.html", target: "_self" },
      { text: "Changelog", link: "/CHANGELOG" },
    ],
    sidebar: {
      "/reference/": [{ text: "Reference", items: pages("reference") }],
      "/": [
        { text: "Documentation", link: "/docs/", items: pages("docs") },
        { text: "Issuers", link: "/docs/issuers", collapsed: true, items: pages("docs/issuers") },
        { text: "Decisions", link: "/docs/decisions/", collapsed: true, items: pages("docs/decisions") },
        {
          text: "Project",
          items: ["ARCHITECTURE", "CONTRIBUTING", "SECURITY", "CHANGELOG"].map((name) => item("", name)),
        },
      ],
    },
    socialLinks: [{ icon: "github", link: "https://github.com/countersign/countersign" }],
  },
});

/** An empty cell above the names of the rows is no heading. */
function cornersOfTables({ tokens }) {
  for (const [at, token] of tokens.entries()) {
    if (token.type !== "th_open" || tokens[at + 1].content !== "") continue;
    token.tag = "td";
    tokens[at + 2].tag = "td";
  }
}

/** The pages of a folder, by title. */
function pages(folder) {
  return readdirSync(join(source, folder), { recursive: folder === "reference" })
    .filter((path) => path.endsWith(".md") && !path.endsWith("index.md"))
    .map((path) => item(folder, path.slice(0, -".md".length)));
}

function item(folder, name) {
  const title = readFileSync(join(source, folder, `${name}.md`), "utf8").match(/^# (.+)$/m)?.[1] ?? name;
  return { text: title.replaceAll(/[`\\]/g, ""), link: `/${folder === "" ? "" : `${folder}/`}${name}` };
}
