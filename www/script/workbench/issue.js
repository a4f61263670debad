/** The tab "Issue a token": the encoder. */

import { sign } from "/pkg/dist/inline/jwt.js";
import { isEncryptionKey } from "/report/read-keys.js";
import { meaningOf } from "../codes.js";
import { byId, markInvalid, say } from "../dom.js";
import { measured, timed } from "../time.js";
import { painted } from "../token-view.js";
import { copy } from "./copy.js";
import { drawKey, wireGenerate } from "./generate.js";
import { makeKeyField } from "./key-field.js";
import { encryptionKeys } from "./key-reading.js";

const FIRST_CLAIMS = { sub: "alice", name: "Alice", scope: "profile" };

/**
 * Connects the tab. `check` receives an issued token, with the key that checks it and what to require. `openAs` opens in another tab
 * what is no key.
 */
export function wireIssue({ check, openAs }) {
  const form = byId("claims");
  const claims = byId("claims-json");
  const outcome = byId("claims-outcome");
  claims.value = JSON.stringify(FIRST_CLAIMS, null, 2);
  let key = null;
  let isGenerated = false;
  let issued = null;

  const useKey = (next, generated) => {
    if (isGenerated) key?.free();
    key = next;
    isGenerated = generated;
    if (key !== null) drawKey(key);
    byId("key-shown").hidden = key === null;
    if (key === null) byId("key-facts").replaceChildren();
  };

  const generate = wireGenerate((made) => {
    own.set({ text: "" });
    useKey(made, true);
  });
  const own = makeKeyField(byId("issue-key"), {
    id: "issue-key",
    label: "A private key or a secret",
    isSigning: true,
    openAs,
    use({ state, file }) {
      if (state === "none") return;
      const found = file?.keys.find(({ key: each }) => each.type !== "public" && !isEncryptionKey(each))?.key ?? null;
      useKey(found, false);
      if (found === null) say(byId("key-outcome"), "bad", "There is no key that can sign.");
      else say(byId("key-outcome"), "good", `Your own ${found.alg} key.`);
    },
  });
  byId("key-shown").hidden = true;

  const issue = async () => {
    const value = parsed(claims.value);
    markInvalid(claims, value === undefined);
    if (value === undefined) return say(outcome, "bad", "The claims are not JSON.");
    // A person may just want to see a token.
    if (key === null && own.reading.state === "none") await generate();
    if (key === null) return say(outcome, "bad", "Generate a key first, or paste one.");
    try {
      const options = optionsOf(form);
      const { result: token, milliseconds } = timed(() => sign(value, key, options));
      say(outcome, "good", `Signed in ${measured(milliseconds)}; ${token.length} characters.`);
      issued = { token, demands: { issuer: options.issuer, audience: options.audience } };
      show();
    } catch (error) {
      say(outcome, "bad", `${error.code}: ${error.message}`, meaningOf(error));
    }
  };
  const show = () => {
    byId("issued").hidden = false;
    byId("issued-token").replaceChildren(...painted(issued.encrypted ?? issued.token));
    for (const line of ["issued-told", "encrypt-outcome"]) say(byId(line), "", "");
  };

  const reader = makeKeyField(byId("encrypt-key"), {
    id: "encrypt-key",
    label: "The reader’s public key or secret",
    takesPasswords: true,
    openAs,
    use() {},
  });
  byId("encrypt-start").addEventListener("click", async () => {
    const line = byId("encrypt-outcome");
    const { file, given } = reader.reading;
    const [found] = file === undefined ? [] : encryptionKeys(file);
    if (found === undefined)
      return say(line, "bad", "Give a key, and choose the algorithm of encryption if the key does not say it.");
    try {
      const { encrypt } = await import("/pkg/dist/inline/jwe.js");
      // A signed token inside an encrypted one (RFC 7519 §5.2).
      issued.encrypted = encrypt(new TextEncoder().encode(issued.token), found.key, { cty: "JWT" });
      issued.reader = given;
      show();
      say(line, "good", `Encrypted with ${found.key.alg}; ${issued.encrypted.length} characters.`);
    } catch (error) {
      say(line, "bad", `${error.code}: ${error.message}`, meaningOf(error));
    }
  });

  claims.addEventListener("input", () => markInvalid(claims, parsed(claims.value) === undefined));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    issue();
  });
  byId("issued-copy").addEventListener("click", () => copy(issued.encrypted ?? issued.token, byId("issued-told")));
  byId("issued-check").addEventListener("click", () => {
    if (issued.encrypted !== undefined) return check({ token: issued.encrypted, key: issued.reader });
    // A secret checks what it signs. Of a pair, only the public half is needed.
    const jwk = key.type === "secret" ? key.toJwk({ private: true }) : key.toJwk();
    const short = key.type === "secret" && isShort(key.alg, jwk);
    check({ ...issued, key: { text: JSON.stringify(jwk, null, 2), ...(short && { allowShort: true }) } });
  });
}

const isShort = (alg, { k }) => Math.floor((k.length * 3) / 4) < Number(alg.slice(2)) / 8;

/** The options that are filled in; durations in plain digits are seconds. */
function optionsOf(form) {
  const text = (name) => form.elements[name].value.trim() || undefined;
  const duration = (name) => (/^\d+$/.test(text(name) ?? "") ? Number(text(name)) : text(name));
  return {
    expiresIn: duration("expiresIn"),
    notBefore: duration("notBefore"),
    issuer: text("issuer"),
    audience: text("audience"),
    jwtId: form.elements.jwtId.checked || undefined,
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
