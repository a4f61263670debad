/** The first part of the bench: a key. */

import { Key } from "/pkg/dist/inline/jwt.js";
import { byId, element, say } from "./dom.js";
import { measured } from "./time.js";

const KINDS = {
  HS256: "One secret of 32 bytes signs and checks: whoever can check a token can also make one.",
  HS384: "One secret of 48 bytes signs and checks: whoever can check a token can also make one.",
  HS512: "One secret of 64 bytes signs and checks: whoever can check a token can also make one.",
  EdDSA: "A key pair: the private part signs, the public part checks and may be shown to anyone.",
};

/** Wires it; `use` gets each key that is made. Gives the function that makes one. */
export function wireKey(use) {
  const form = byId("key");
  const chosen = () => form.elements.alg.value;
  const tellKind = () => {
    byId("key-kind").textContent = KINDS[chosen()];
  };
  const generate = () => {
    const start = performance.now();
    const key = named(Key.generate(chosen()));
    say(byId("key-outcome"), "good", `A fresh ${key.alg} key, made in ${measured(performance.now() - start)}.`);
    draw(key);
    use(key);
  };
  form.addEventListener("change", tellKind);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    generate();
  });
  tellKind();
  return generate;
}

/** The same key with its thumbprint for a name. */
function named(key) {
  const kid = key.thumbprint();
  const jwk = { ...key.toJwk({ private: true }), kid };
  const { alg } = key;
  key.free();
  return Key.fromJwk(jwk, { alg });
}

function draw(key) {
  const facts = { Algorithm: key.alg, Type: key.type, "Key ID": `${key.kid} (its thumbprint)` };
  byId("key-facts").replaceChildren(
    ...Object.entries(facts).flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
  );
  byId("key-jwk").textContent = JSON.stringify(key.toJwk({ private: true }), null, 2);
}
