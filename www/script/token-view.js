/** Draws a token: its parts in their colors, decoded. Nothing here decides anything. */

import { decodeUnverified } from "/pkg/dist/inline/jwt.js";
import { element } from "./dom.js";
import { clock } from "./time.js";

const PARTS = ["header", "payload", "signature"];
/** Those of an encrypted token (RFC 7516 §3.1). */
const ENCRYPTED_PARTS = ["header", "wrapped", "vector", "payload", "tag"];

/**
 * The token's characters as colored spans. Where it is as long as `original` but not the same, the characters that
 * differ are marked.
 */
export function painted(token, original = token) {
  const differs = (index) => token.length === original.length && token[index] !== original[index];
  const spans = [];
  const parts = token.split(".").length === 5 ? ENCRYPTED_PARTS : PARTS;
  let part = 0;
  let run = null;
  for (let index = 0; index < token.length; index++) {
    const dot = token[index] === ".";
    const kind = dot ? "dot" : (parts[part] ?? "extra");
    if (dot) part++;
    const changed = differs(index);
    if (run === null || run.kind !== kind || run.changed !== changed) {
      run = { kind, changed, text: "" };
      spans.push(run);
    }
    run.text += token[index];
  }
  return spans.map(({ kind, changed, text }) =>
    element("span", { class: kind }, changed ? element("mark", {}, text) : text),
  );
}

/** The header and claims, unchecked; `null` for what cannot be read. */
export function read(token) {
  try {
    return decodeUnverified(token);
  } catch {
    return null;
  }
}

/** Draws the three parts of the token. A part that is no longer JSON is shown as text. */
export function drawAnatomy(place, token) {
  const decoded = read(token);
  const [header = "", payload = "", signature = ""] = token.split(".");
  place.replaceChildren(
    panel("header", "Header", header, decoded?.header),
    panel("payload", "Claims", payload, decoded?.claims),
    element(
      "div",
      { class: "part signature" },
      element("h3", {}, "Signature", element("small", {}, `${byteLength(signature)} bytes`)),
      element("p", {}, "It covers the other two parts and the dot between them. It can be checked, not read."),
    ),
  );
}

function panel(kind, title, segment, decoded) {
  const size = element("small", {}, `${byteLength(segment)} bytes`);
  const object = decoded ?? objectIn(segment);
  const content =
    object === null
      ? [element("p", {}, "Not a JSON object:"), element("pre", { class: "raw" }, textIn(segment) || "(nothing)")]
      : [
          element(
            "dl",
            {},
            Object.entries(object).map(([name, value]) => row(name, value, kind)),
          ),
        ];
  return element("div", { class: `part ${kind}` }, element("h3", {}, title, size), ...content);
}

function row(name, value, kind) {
  const note = noteOn(kind, name, value);
  return [
    element("dt", {}, name),
    element("dd", {}, JSON.stringify(value), note === null ? null : element("small", {}, note)),
  ];
}

/** What a header parameter or a claim is for, or `null`. */
export function noteOn(kind, name, value) {
  return kind === "payload" ? claimNote(name, value) : Object.hasOwn(HEADER_NOTES, name) ? HEADER_NOTES[name] : null;
}

const HEADER_NOTES = {
  alg: "how it is signed, or how its key is encrypted",
  enc: "how the content is encrypted",
  kid: "which key it is for",
  typ: "type of the token",
  cty: "type of the content",
};

const CLAIM_NOTES = {
  iss: "issuer: who issued it",
  sub: "subject: the user it is about",
  aud: "audience: who may accept it",
  jti: "unique ID of the token",
  sid: "session: which log-in it belongs to",
  scope: "what it allows",
};

function claimNote(name, value) {
  const words = { exp: "expires", nbf: "not before", iat: "issued at" }[name];
  if (words === undefined) return Object.hasOwn(CLAIM_NOTES, name) ? CLAIM_NOTES[name] : null;
  return typeof value === "number" ? `${words} ${clock(value)}` : words;
}

function byteLength(segment) {
  return Math.floor((segment.length * 3) / 4);
}

/** The text of a segment, with U+FFFD where it is not UTF-8. Only for display. */
function textIn(segment) {
  try {
    const binary = atob(segment.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
  } catch {
    return segment;
  }
}

function objectIn(segment) {
  try {
    const value = JSON.parse(textIn(segment));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
