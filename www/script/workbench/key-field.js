/** A field for a key, whatever it is, with the choices that a key may need: algorithm, encoding, passphrase. */

import { ENCRYPTION_ALGORITHMS, SIGNATURE_ALGORITHMS } from "/report/algorithms.js";
import { reportOnKeys } from "/report/key.js";
import { shown } from "/report/text.js";
import { isUtf16 } from "/report/utf16.js";
import { element, markInvalid, say } from "../dom.js";
import { ENCODINGS, readKey, release } from "./key-reading.js";
import { drawActions } from "./misplaced.js";

const DIRECT = ["A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"];
const ENCRYPTION = ENCRYPTION_ALGORITHMS.flatMap((alg) => (alg === "dir" ? DIRECT.map((enc) => `dir ${enc}`) : [alg]));
const PASSWORDS = ["PBES2-HS256+A128KW", "PBES2-HS384+A192KW", "PBES2-HS512+A256KW"];

/**
 * Makes the field in `place`. Ids begin with `id`, and `use` receives each reading. `openAs` receives the action of somebody who has
 * pasted something else than a key. `isFetching`: keys are fetched from a URL right below the field. `pasted` is called when a text that
 * was pasted or chosen has been read.
 */
export function makeKeyField(
  place,
  { id, label, use, openAs, isSigning = false, takesPasswords = false, isFetching = false, pasted = () => {} },
) {
  const text = element("textarea", {
    ...{ id: `${id}-text`, class: "mono", rows: 6, spellcheck: "false", autocapitalize: "none", autocomplete: "off" },
    "aria-describedby": `${id}-what`,
    placeholder: "a secret, PEM, JWK, JWK Set or certificate",
  });
  const alg = element(
    "select",
    { id: `${id}-alg` },
    option("", "as the key says"),
    group("Signatures", SIGNATURE_ALGORITHMS),
    isSigning ? null : group("Encryption", ENCRYPTION),
    takesPasswords ? group("Encryption with a password", PASSWORDS) : null,
  );
  const encoding = element(
    "select",
    { id: `${id}-encoding` },
    Object.keys(ENCODINGS).map((name) => option(name, name)),
  );
  const passphrase = element("input", { id: `${id}-passphrase`, type: "password", autocomplete: "off" });
  const reveal = element("button", { type: "button", class: "quiet", "data-reveals": `${id}-passphrase` });
  const short = element("input", { id: `${id}-short`, type: "checkbox" });
  const file = element("input", { id: `${id}-file`, type: "file", hidden: true });
  const choose = element("button", { type: "button", id: `${id}-choose` }, "Choose a file");
  const what = element("p", { class: "outcome", id: `${id}-what`, role: "status" });
  const other = element("div", { class: "row apart-small", id: `${id}-other` });

  const encodingField = field(encoding, "The secret is");
  const passphraseField = element(
    "div",
    { class: "field" },
    element("label", { for: passphrase.id }, "Passphrase"),
    element("div", { class: "with-button" }, passphrase, reveal),
  );
  const shortField = element(
    "div",
    { class: "field choices" },
    element(
      "label",
      {},
      short,
      element("span", {}, "accept a secret that is too short (", element("code", {}, "allowShort"), ")"),
    ),
  );
  file.setAttribute("aria-label", `${label}, from a file`);
  place.replaceChildren(
    field(text, label),
    element("div", { class: "key-choices" }, field(alg, "Its algorithm"), encodingField),
    passphraseField,
    shortField,
    element("div", { class: "row" }, choose, file),
    what,
    other,
  );

  let reading = { state: "none" };
  let turn = 0;
  /** Whether the text is what a server has answered, and nobody has changed it. */
  let isFetched = false;
  /** Gives the reading, or `undefined` if something else was given meanwhile. */
  const read = async () => {
    turn += 1;
    const mine = turn;
    const given = {
      text: text.value,
      alg: alg.value || undefined,
      encoding: encoding.value,
      passphrase: passphrase.value,
      allowShort: short.checked,
      isFetched,
    };
    const next = { ...(await readKey(given)), given };
    // Something else was pasted meanwhile.
    if (mine !== turn) return release(next);
    const before = reading;
    reading = next;
    encodingField.hidden = next.secret === undefined;
    passphraseField.hidden = next.state !== "passphrase" && passphrase.value === "";
    shortField.hidden = !next.isTooShort && !short.checked;
    markInvalid(text, next.state === "refused");
    tell(what, next, isFetching);
    drawActions(other, actionsOf(next, isFetching), act, `${id}-act`);
    other.hidden = other.childElementCount === 0;
    await use(next);
    release(before);
    return next;
  };
  /** A secret or key that is taken out of a longer text stays in this field. */
  const act = async (action) => {
    if (action.open !== "key") return openAs(action);
    text.value = action.text;
    text.focus();
    return read();
  };
  const readSoon = soon(read);
  text.addEventListener("paste", () => setTimeout(async () => (await read()) && pasted()));
  text.addEventListener("input", () => {
    isFetched = false;
  });
  for (const each of [text, passphrase]) each.addEventListener("input", readSoon);
  for (const each of [alg, encoding, short]) each.addEventListener("change", read);
  choose.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (chosen === undefined) return;
    text.value = await textOfFile(chosen);
    isFetched = false;
    file.value = "";
    if (await read()) pasted();
  });
  encodingField.hidden = passphraseField.hidden = shortField.hidden = other.hidden = true;

  return {
    get reading() {
      return reading;
    },
    focus: () => (passphraseField.hidden ? text : passphrase).focus(),
    /** Changes what is given; what is not named stays as it is. */
    set(given) {
      if (given.text !== undefined) {
        text.value = given.text;
        isFetched = given.isFetched === true;
        // Choices for another key.
        alg.value = "";
        encoding.value = "text";
        passphrase.value = "";
        short.checked = false;
      }
      if (given.alg !== undefined) alg.value = given.alg;
      if (given.encoding !== undefined) encoding.value = given.encoding;
      if (given.passphrase !== undefined) passphrase.value = given.passphrase;
      if (given.allowShort !== undefined) short.checked = given.allowShort;
      return read();
    },
  };
}

/** The actions for a text that is no key. */
function actionsOf({ state, url, other }, isFetching) {
  if (state === "url" && !isFetching) return [{ label: "Open “Fetch keys”", open: "fetch", text: url }];
  return other?.actions ?? [];
}

/** What was pasted, in one line. */
function tell(line, { state, file, message, other }, isFetching) {
  if (state === "none") return say(line, "", "");
  if (state === "url") {
    const where = isFetching ? "below" : "in the tab “Check a token”";
    return say(line, "warn", `This is a URL. Fetch the keys from it ${where}, or paste what it shows.`);
  }
  if (other !== undefined) return say(line, "warn", other.text);
  if (state === "passphrase") return say(line, "warn", "It is encrypted: give its passphrase.");
  if (state === "refused") return say(line, "bad", sentence(shown(message)));
  if (file.form === "secret") {
    const use = file.keys[0].isGuessed
      ? `${file.keys[0].key.alg}, unless you choose another algorithm`
      : file.keys[0].key.alg;
    return say(line, "good", `A secret, for ${use}.`);
  }
  const { keys, findings } = reportOnKeys(file, Date.now() / 1000);
  const refused = findings.find(({ level }) => level === "error");
  if (keys.length === 0) return say(line, "bad", sentence(refused?.message ?? "it holds no usable key"));
  if (file.form === "JWK Set")
    return say(line, "good", `A JWK Set with ${keys.length} usable ${keys.length === 1 ? "key" : "keys"}.`);
  const [{ kind, type, alg, fits }] = keys;
  const whose = alg ?? `${file.keys[0].key.alg}, unless you choose another of ${fits.join(", ")}`;
  return say(line, "good", `${kind}, ${type} key, as ${file.form}, for ${whose}.`);
}

const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?]$/.test(text) ? "" : "."}`;

const option = (value, text) => element("option", { value }, text);
const group = (name, values) =>
  element(
    "optgroup",
    { label: name },
    values.map((value) => option(value, value)),
  );
const field = (control, name) =>
  element("div", { class: "field" }, element("label", { for: control.id }, name), control);

/** Text as it is, binary files as base64, which is read as DER. */
async function textOfFile(file) {
  const bytes = new Uint8Array(await file.slice(0, 262_144).arrayBuffer());
  // PowerShell writes text so. In the field, everybody sees what it is.
  if (isUtf16(bytes)) return new TextDecoder([0, 0xfe].includes(bytes[0]) ? "utf-16be" : "utf-16le").decode(bytes);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return text;
  } catch {
    // Binary.
  }
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Waits until nobody has typed for a moment. */
export function soon(work, milliseconds = 120) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, milliseconds);
  };
}
