/** The tab "Keys": what a key is, what is weak about it, and its other forms. */

import { reportOnKeys } from "/report/key.js";
import { isEncryptionKey } from "/report/read-keys.js";
import { json, shown } from "/report/text.js";
import { byId, element, goTo, say } from "../dom.js";
import { copy } from "./copy.js";
import { makeKeyField } from "./key-field.js";
import { drawFindings } from "./result-view.js";

/** The most keys of a set that are drawn. */
const MAX_KEYS = 50;

/** The forms, by name: which keys have them, and the text. */
const FORMS = {
  "public key as JWK": { has: isPair, write: ({ key }) => json(key.toJwk(), 2) },
  "public key as PEM": { has: isPair, write: ({ key }) => key.toPem() },
  "JWK Set to publish": { has: isPair, write: ({ key }) => json({ keys: [published(key)] }, 2) },
  thumbprint: { has: isPair, write: ({ key }) => key.thumbprint() },
  "private key as JWK": { has: isPrivate, write: ({ key }) => json(key.toJwk({ private: true }), 2), isSecret: true },
  "private key as PEM": {
    has: isPrivate,
    write: ({ key }, passphrase) => key.toPem({ private: true, ...(passphrase && { passphrase }) }),
    isSecret: true,
    isEncryptable: true,
  },
  "secret as JWK": {
    has: (key) => key.type === "secret",
    write: ({ key }) => json(key.toJwk({ private: true }), 2),
    isSecret: true,
  },
};

function isPair(key) {
  return key.type !== "secret";
}

function isPrivate(key) {
  return key.type === "private";
}

/** A key as others look for it: with a name and a use. */
function published(key) {
  return { kid: key.thumbprint(), ...key.toJwk(), use: isEncryptionKey(key) ? "enc" : "sig" };
}

/** Connects the tab. `openAs` opens in another tab what is no key. */
export function wireKeys({ openAs }) {
  const which = byId("convert-which");
  const to = byId("convert-to");
  const passphrase = byId("convert-passphrase");
  let found = [];

  const convert = () => {
    const chosen = found[Number(which.value)];
    if (chosen === undefined) return;
    const form = FORMS[to.value];
    byId("convert-passphrase-field").hidden = !form.isEncryptable;
    byId("converted").classList.toggle("secret", Boolean(form.isSecret));
    try {
      byId("converted").textContent = form.write(chosen, form.isEncryptable ? passphrase.value : "");
      const warning = form.isSecret && !(form.isEncryptable && passphrase.value !== "");
      say(byId("converted-told"), warning ? "warn" : "", warning ? "Keep it secret: it is not encrypted." : "");
    } catch (error) {
      byId("converted").textContent = "";
      say(byId("converted-told"), "bad", `${error.code}: ${error.message}`);
    }
  };

  const offerForms = () => {
    const chosen = found[Number(which.value)];
    const names = chosen === undefined ? [] : Object.keys(FORMS).filter((name) => FORMS[name].has(chosen.key));
    const before = to.value;
    to.replaceChildren(...names.map((name) => element("option", { value: name }, name)));
    if (names.includes(before)) to.value = before;
    convert();
  };

  const use = ({ state, file }) => {
    byId("keys-result").hidden = byId("keys-convert").hidden = state !== "ready";
    found = file?.keys.slice(0, MAX_KEYS) ?? [];
    if (state !== "ready") return byId("converted").replaceChildren();
    byId("keys-convert").hidden = found.length === 0;
    draw(file);
    which.replaceChildren(
      ...found.map(({ key }, index) =>
        element(
          "option",
          { value: String(index) },
          `${index + 1}: ${key.alg}${key.kid === undefined ? "" : `, ${shown(key.kid).slice(0, 60)}`}`,
        ),
      ),
    );
    byId("convert-which-field").hidden = found.length < 2;
    offerForms();
  };

  const field = makeKeyField(byId("keys-key"), { id: "keys-key", label: "Key", use, openAs });
  which.addEventListener("change", offerForms);
  to.addEventListener("change", convert);
  passphrase.addEventListener("input", convert);
  byId("converted-copy").addEventListener("click", () => copy(byId("converted").textContent, byId("converted-told")));
  return {
    /** Shows a key that was pasted elsewhere, and goes to what is said of it. */
    async show(text) {
      await field.set({ text });
      goTo(byId(byId("keys-result").hidden ? "keys-title" : "keys-result-title"));
    },
  };
}

function draw(file) {
  // The command line speaks of a file; here something was pasted.
  const { keys, findings } = reportOnKeys(file, Date.now() / 1000);
  const all = [...findings, ...keys.flatMap((key) => key.findings)];
  const count = (level) => all.filter((finding) => finding.level === level).length;
  const line = byId("keys-verdict");
  const named =
    file.form === "secret"
      ? "A secret"
      : file.form === "JWK Set"
        ? `A JWK Set with ${keys.length} usable ${keys.length === 1 ? "key" : "keys"}`
        : `A key as ${file.form}`;
  if (count("error") > 0) say(line, "bad", `${named}. Something in it is refused.`);
  else if (count("warning") > 0) say(line, "warn", `${named}. Look at the warnings.`);
  else if (file.form === "certificate")
    say(line, "good", `${named}. Nothing is wrong with the key; the certificate was not verified.`);
  else say(line, "good", `${named}. Nothing is wrong with it.`);
  const place = byId("keys-report");
  const general = element("div");
  drawFindings(general, findings);
  place.replaceChildren(...keys.slice(0, MAX_KEYS).map(drawKey), general);
  if (keys.length > MAX_KEYS) place.append(element("p", { class: "hint" }, `… and ${keys.length - MAX_KEYS} more`));
}

function drawKey({ kind, type, alg, fits, kid, thumbprint, status, findings }) {
  const facts = {
    Kind: `${kind}, ${type}`,
    Algorithm: alg ?? `not stated; fits ${fits.join(", ")}`,
    "Key ID": kid === null ? "none" : shown(kid).slice(0, 200),
    // That of a secret is a digest of the secret.
    ...(type !== "secret" && { Thumbprint: thumbprint }),
    ...(status !== undefined && { Status: shown(status).slice(0, 100) }),
  };
  const more = element("div");
  drawFindings(more, findings, "About this key");
  return element(
    "div",
    { class: "found-key" },
    element(
      "dl",
      { class: "facts" },
      Object.entries(facts).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
    ),
    more,
  );
}
