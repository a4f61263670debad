/** Draws what a token says: header, claims and signature, or the decrypted content. Everything is bounded and harmless. */

import { json, shown } from "/report/text.js";
import { element } from "../dom.js";
import { noteOn } from "../token-view.js";
import { objectIn } from "./content.js";

const MAX_ROWS = 200;
const MAX_TEXT = 2000;

/** Draws a report, with the content of an encrypted token if it was decrypted. */
export function drawAnatomy(place, { kind, header, claims, signatureBytes, times }, content) {
  const parts = [panel("header", "Header", header)];
  if (kind === "JWE") parts.push(contentPanel(content));
  else {
    parts.push(panel("payload", "Claims", claims, times));
    parts.push(
      part(
        "signature",
        "Signature",
        signatureBytes === null ? "" : `${signatureBytes} bytes`,
        element("p", {}, "It covers the other two parts and the dot between them. It can be checked, not read."),
      ),
    );
  }
  // Once a second, only the times change. The rest stays, with what a person has selected in it.
  const said = JSON.stringify([
    kind,
    header,
    claims,
    signatureBytes,
    typeof content === "string" ? content : content?.length,
  ]);
  if (place.dataset.said === said) return replaceNotes(place, parts);
  place.dataset.said = said;
  place.replaceChildren(...parts);
}

function replaceNotes(place, parts) {
  const notes = parts.flatMap((each) => [...each.querySelectorAll("dd > small")]);
  for (const [index, note] of [...place.querySelectorAll("dd > small")].entries()) {
    const text = notes[index]?.textContent ?? "";
    if (note.textContent !== text) note.textContent = text;
  }
}

function part(kind, title, size, ...children) {
  return element("div", { class: `part ${kind}` }, element("h3", {}, title, element("small", {}, size)), ...children);
}

function panel(kind, title, object, times = {}) {
  if (object === null) return part(kind, title, "", element("p", {}, "It cannot be read."));
  const entries = Object.entries(object);
  return part(
    kind,
    title,
    `${entries.length} ${entries.length === 1 ? "entry" : "entries"}`,
    rows(kind, entries, times),
  );
}

function rows(kind, entries, times) {
  const list = element(
    "dl",
    {},
    entries.slice(0, MAX_ROWS).map(([name, value]) => {
      const note = times[name] ?? noteOn(kind, name, value);
      return [
        element("dt", {}, cut(shown(name), 80)),
        element("dd", {}, cut(json(value), MAX_TEXT), note === null ? null : element("small", {}, shown(note))),
      ];
    }),
  );
  const more = entries.length - MAX_ROWS;
  return more > 0 ? element("div", {}, list, element("p", {}, `… and ${more} more`)) : list;
}

function contentPanel(content) {
  if (content === undefined)
    return part("payload", "Content", "", element("p", {}, "It is encrypted. Give its key to read it."));
  if (typeof content !== "string")
    return part("payload", "Content", `${content.length} bytes`, element("p", {}, "It is not text."));
  const object = objectIn(content);
  const size = `${content.length} characters`;
  if (object !== undefined) return part("payload", "Content", size, rows("payload", Object.entries(object), {}));
  return part(
    "payload",
    "Content",
    size,
    element("pre", { class: "raw", id: "token-content" }, cut(shown(content), 20_000)),
  );
}

const cut = (text, length) =>
  text.length <= length ? text : `${text.slice(0, length)}… and ${text.length - length} more characters`;
