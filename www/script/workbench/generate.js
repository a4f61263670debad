/** A key for the tab "Issue a token". */

import { Key } from "/pkg/dist/inline/jwt.js";
import { json, shown } from "/report/text.js";
import { meaningOf } from "../codes.js";
import { byId, element, say } from "../dom.js";
import { measured } from "../time.js";

const secret = (bytes) =>
  `One secret of ${bytes} bytes signs and checks: a program that can check a token can also make one.`;
const pair = (which) => `${which}: the private key signs; the public key checks and may be published.`;

const KINDS = {
  HS256: secret(32),
  HS384: secret(48),
  HS512: secret(64),
  ES256: pair("A key pair on the curve P-256"),
  ES384: pair("A key pair on the curve P-384"),
  ES512: pair("A key pair on the curve P-521"),
  EdDSA: pair("A key pair on Curve25519"),
  RS256: pair("An RSA key pair of 2048 bits"),
  RS384: pair("An RSA key pair of 2048 bits"),
  RS512: pair("An RSA key pair of 2048 bits"),
  PS256: pair("An RSA key pair of 2048 bits, with a random salt in each signature"),
  PS384: pair("An RSA key pair of 2048 bits, with a random salt in each signature"),
  PS512: pair("An RSA key pair of 2048 bits, with a random salt in each signature"),
};

/** Connects the form; `use` receives each new key. Returns the function that makes one. */
export function wireGenerate(use) {
  const form = byId("key");
  const outcome = byId("key-outcome");
  const chosen = () => form.elements.alg.value;
  const tellKind = () => {
    byId("key-kind").textContent = KINDS[chosen()];
  };
  let making = false;
  const generate = async () => {
    if (making) return;
    making = true;
    const start = performance.now();
    try {
      // The browser looks for the primes of an RSA key, and the page goes on meanwhile.
      const made = Key.generateAsync(chosen());
      say(outcome, "", "Making a key…");
      const key = named(await made);
      say(outcome, "good", `A fresh ${key.alg} key, made in ${measured(performance.now() - start)}.`);
      use(key);
    } catch (error) {
      say(outcome, "bad", `${error.code}: ${error.message}`, meaningOf(error));
    } finally {
      making = false;
    }
  };
  form.addEventListener("change", tellKind);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    generate();
  });
  tellKind();
  return generate;
}

/** The same key with its thumbprint as key ID. */
function named(key) {
  const kid = key.thumbprint();
  const jwk = { ...key.toJwk({ private: true }), kid };
  const { alg } = key;
  key.free();
  return Key.fromJwk(jwk, { alg });
}

/** Shows what a key is. */
export function drawKey(key) {
  const facts = {
    Algorithm: key.alg,
    Type: key.type,
    "Key ID":
      key.kid === undefined ? "none" : key.kid === key.thumbprint() ? `${key.kid} (its thumbprint)` : shown(key.kid),
  };
  byId("key-facts").replaceChildren(
    ...Object.entries(facts).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
  );
  byId("key-jwk").textContent = json(key.toJwk({ private: true }), 2);
}
