// A bar chart as SVG, in the colors that its viewer prefers. Every bar is labeled, so there are no axes. It is 400 units
// wide, and its text can be read on a telephone.

import { isOurs, short } from "./figures.mjs";

const WIDTH = 400;
const LABEL = 158;
const VALUE = 70;
const ROW = 19;
const GROUP = 30;
const HEAD = 46;

const STYLE = `text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:14px}.note{fill:#59636e;font-size:11px}
.group{font-weight:600}.back{fill:#fff}.ours{fill:#0969da}.peer{fill:#aeb7c0}.line{stroke:#59636e;stroke-dasharray:3 3}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.note{fill:#9198a1}.back{fill:#0d1117}.ours{fill:#4493f8}.peer{fill:#59636e}.line{stroke:#9198a1}}`;

/**
 * @param chart `title` and `note` above, and `groups` of `bars`: each has a `name`, a `value` that sets its length, and the
 * `text` beside it. `line` is a value that is marked in every group. Names of this package are in color.
 */
export function barChart({ title, note, groups, line }) {
  const parts = [];
  let y = HEAD;
  for (const { label: heading, bars } of groups) {
    const most = Math.max(...bars.map(({ value }) => value), line ?? 0);
    const room = WIDTH - LABEL - VALUE;
    if (heading !== undefined) {
      parts.push(text(8, y + 20, "group", heading));
      y += GROUP;
    }
    for (const { name, value, text: shown, ours = isOurs(name) } of bars) {
      const length = Math.max(1.5, (room * value) / most);
      parts.push(
        label(short(name), y + 13),
        `<rect class="${ours ? "ours" : "peer"}" x="${LABEL}" y="${y + 3}" width="${length.toFixed(1)}" height="13" rx="2"/>`,
        text(LABEL + length + 5, y + 13, "", shown),
      );
      y += ROW;
    }
    if (line !== undefined) {
      const x = (LABEL + (room * line) / most).toFixed(1);
      parts.push(`<path class="line" d="M${x} ${y - bars.length * ROW}V${y}"/>`);
    }
    y += 4;
  }
  const height = y + 8;
  const described = groups.map(({ label: heading, bars }) => {
    const all = bars.map(({ name, text: shown }) => `${name} ${shown}`).join(", ");
    return heading === undefined ? all : `${heading}: ${all}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="t d">
<title id="t">${escaped(title)}</title><desc id="d">${escaped(described.join(". "))}</desc>
<style>${STYLE}</style>
<rect class="back" width="${WIDTH}" height="${height}" rx="6"/>
${text(8, 21, "title", title)}
${text(8, 38, "note", note)}
${parts.join("\n")}
</svg>
`;
}

/** A name on the left, which a narrow font would not need to squeeze. */
function label(name, y) {
  const squeezed = name.length <= 21 ? "" : ` textLength="${LABEL - 12}" lengthAdjust="spacingAndGlyphs"`;
  return `<text x="${LABEL - 6}" y="${y}" text-anchor="end"${squeezed}>${escaped(name)}</text>`;
}

function text(x, y, name, content) {
  const attribute = name === "" ? "" : ` class="${name}"`;
  return `<text${attribute} x="${Number(x.toFixed(1))}" y="${y}">${escaped(content)}</text>`;
}

export function escaped(content) {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
