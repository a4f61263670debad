// The results as one HTML page that needs nothing else.

import { escaped } from "./chart.mjs";
import { charts } from "./charts.mjs";
import { SECTIONS } from "./sections.mjs";

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}svg{max-width:100%;height:auto}.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.85rem;margin:1rem 0}th,td{padding:.3rem .6rem;text-align:right;border-bottom:1px solid #8884;white-space:nowrap}
td.long{white-space:normal;min-width:16rem}th:first-child,td:first-child,td.long{text-align:left}.warning{font-weight:600}`;

/** The page. */
export function page(results) {
  const drawn = charts(results);
  const parts = SECTIONS.map(({ title, text, chart, tables = () => [] }) => {
    const found = tables(results).filter(({ rows }) => rows.length > 0);
    if (found.length === 0 && drawn[chart] === undefined) return "";
    // Each drawing has its own ids.
    const drawing = drawn[chart]?.replaceAll(
      /(id|aria-labelledby)="([td ]+)"/g,
      (_, name, ids) => `${name}="${ids.replaceAll(/[td]/g, (id) => `${id}-${chart}`)}"`,
    );
    return `<h2>${escaped(title)}</h2>\n${text ? `<p>${inline(text)}</p>\n` : ""}${drawing ?? ""}\n${found.map(table).join("\n")}`;
  });
  const { machine, runtimes, versions, date, rounds, quick } = results;
  const listed = (object) =>
    Object.entries(object)
      .map((pair) => pair.join(" "))
      .join(", ");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>countersign: benchmarks</title>
<style>${STYLE}</style></head><body>
<h1>countersign beside its peers</h1>
<p>${escaped(`${date}; ${machine.cpu}, ${machine.cores} cores, ${machine.platform}; ${listed(runtimes)}.`)}</p>
<p>${escaped(`${listed(versions)}. Medians of ${rounds} rounds, in which all take turns.`)}</p>
${quick ? '<p class="warning">A quick run, which shows that everything works: its figures mean nothing.</p>' : ""}
${parts.join("\n")}
</body></html>
`;
}

function table({ title, head, rows }) {
  const cells = (kind, row) =>
    `<tr>${row.map((content) => `<${kind}${content.length < 48 ? "" : ' class="long"'}>${inline(content)}</${kind}>`).join("")}</tr>`;
  return `${title === undefined ? "" : `<h3>${escaped(title)}</h3>`}<div class="wide" tabindex="0"><table><thead>${cells("th", head)}</thead><tbody>${rows.map((row) => cells("td", row)).join("\n")}</tbody></table></div>`;
}

/** Text with Markdown's bold and code. */
function inline(content) {
  return escaped(content)
    .replaceAll(/\*\*(.+?)\*\*/g, "<strong>$1</strong>")
    .replaceAll(/`(.+?)`/g, "<code>$1</code>");
}
