// Each algorithm, from a key to a token and back.

import { holds, refuses, same } from "./assertions.mjs";
import { algorithms, keyFor, now, seconds } from "./materials.mjs";

export const cases = [
  ...algorithms.flatMap((alg) => [
    {
      name: `signs_and_verifies_with_a_generated_${alg}_key`,
      check: (countersign) => {
        const key = countersign.Key.generate(alg, { kid: "a" });
        const token = countersign.sign({ sub: "alice" }, key, { now });
        same(countersign.decodeUnverified(token).header, { alg, typ: "JWT", kid: "a" });
        const wanted = { sub: "alice", iat: seconds, exp: seconds + 900 };
        same(countersign.verify(token, key, { now }).claims, wanted);
        const [copy] = [countersign.Key.fromJwk(key.toJwk({ private: true }))];
        same(countersign.verify(token, copy, { now }).claims, wanted);
        same(
          { alg: copy.alg, kid: copy.kid, type: copy.type },
          { alg, kid: "a", type: alg.startsWith("HS") ? "secret" : "private" },
        );
      },
    },
    {
      name: `generates_another_${alg}_key_each_time`,
      check: (countersign) => {
        const prints = Array.from({ length: 8 }, () => countersign.Key.generate(alg).thumbprint());
        same(new Set(prints).size, prints.length);
        for (const print of prints) holds(/^[\w-]{43}$/u.test(print), "no thumbprint");
      },
    },
    {
      name: `refuses_a_token_of_another_${alg}_key`,
      check: (countersign) => {
        const token = countersign.sign({}, countersign.Key.generate(alg), { now });
        refuses(
          countersign,
          () => countersign.verify(token, countersign.Key.generate(alg), { now }),
          ["TOKEN_SIGNATURE_INVALID", "signature does not match"],
          [token],
        );
      },
    },
    {
      name: `signs_the_same_${alg}_token_by_every_road`,
      check: (countersign) => {
        const key = keyFor(countersign, alg);
        const token = countersign.sign({ sub: "alice" }, key, { now });
        same(countersign.decodeUnverified(token).header, { alg, typ: "JWT" });
        same(new countersign.Signer(key, { now }).sign({ sub: "alice" }), token);
        const imported = countersign.Key.fromJwk(key.toJwk({ private: true }));
        same(countersign.sign({ sub: "alice" }, imported, { now }), token);
      },
    },
  ]),
];
