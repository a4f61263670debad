/** Text that was pasted into the wrong field: says what it is, and draws buttons that move it to the right one. */

import { adviceFor, nameOf } from "/report/recognize.js";
import { element } from "../dom.js";
import { quoted } from "./quoted.js";

/** What the fields are for. */
const FIELDS = { token: "a token", key: "a key", hash: "a stored hash" };

/** The most buttons. */
const MAX_ACTIONS = 3;

/**
 * The sentence about a text that `recognize` has found, and its actions. Gives `undefined` if it belongs into this field,
 * or if nobody can say what it is.
 *
 * An action has a `label`, and opens its `text` as `"token"`, `"key"` or `"hash"`, or proposes to `"fetch"` it.
 */
export function misplaced(found, field) {
  const { kind, text, place, tokens, hashes } = found;
  if (kind === "unknown" || (kind === field && place === undefined)) return undefined;
  const verb = kind === "hash" && place === undefined ? "looks like" : "is";
  const what = `This ${verb} ${nameOf(found)}${kind === field ? "" : `, not ${FIELDS[field]}`}.`;
  if (tokens !== undefined) {
    const actions = tokens.slice(0, MAX_ACTIONS).map(({ name, token }, index) => ({
      label: `Check ${name === undefined ? `number ${index + 1}` : quoted(name)}`,
      open: "token",
      text: token,
    }));
    return { text: `${what} Check one of them:`, actions };
  }
  if (hashes !== undefined) {
    const how = "Paste one of them. To convert a whole file, use npx countersign import.";
    return { text: `${what} ${how}`, actions: [] };
  }
  const advice = adviceFor(found);
  const more = MORE[kind]?.(text) ?? (advice && `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`);
  return { text: more === undefined ? what : `${what} ${more}`, actions: ACTIONS[kind]?.(text, field) ?? [] };
}

const MORE = {
  answer: () => "Only its issuer can say what the tokens in it mean.",
  discovery: (url) => `Its keys are at ${quoted(url)}.`,
  url: () => "If it is that of keys, fetch them.",
};

const fetching = (text) => [{ label: "Open “Fetch keys”", open: "fetch", text }];

const ACTIONS = {
  array: (text) => [{ label: "Read it as a JWK Set", open: "key", text }],
  discovery: fetching,
  secret: (text) => [{ label: "Take the secret out", open: "key", text }],
  hash: (text, field) => [{ label: field === "hash" ? "Take the hash out" : "Look at the hash", open: "hash", text }],
  key: (text) => [{ label: "Look at the key", open: "key", text }],
  token: (text, field) => [
    { label: field === "token" ? "Take the token out" : "Check the token", open: "token", text },
  ],
  url: fetching,
};

/** Draws the buttons of actions in `place`; `act` receives the one whose button was pressed. The first has the id `id`. */
export function drawActions(place, actions, act, id) {
  place.replaceChildren(
    ...actions.map((action, index) => {
      const button = element("button", { type: "button", id: index === 0 ? id : undefined }, action.label);
      button.addEventListener("click", () => act(action));
      return button;
    }),
  );
}
