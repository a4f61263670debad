// Calls inside a call: reading an option may run a getter of the caller's, and that may use the package again. Neither
// call may notice the other.

import { refuses, same } from "./assertions.mjs";
import { ed25519Key, goodToken, hmacKey, now, seconds } from "./materials.mjs";

/** Verify options that demand an issuer, and call `inner` while they are being read, between `now` and the issuer. */
const interrupted = (inner) => ({
  now,
  get subject() {
    inner();
    return undefined;
  },
  issuer: "issuer",
});

const wrongIssuer = ["CLAIM_MISSING", 'missing "iss" claim', "iss"];

/** What the inner call does, by name. */
const inners = [
  ["makes_a_key", (countersign) => hmacKey(countersign)],
  ["generates_a_key", (countersign) => countersign.Key.generate("EdDSA").toJwk({ private: true })],
  ["frees_a_key", (countersign) => hmacKey(countersign).free()],
  ["verifies", (countersign) => countersign.verify(goodToken(countersign), hmacKey(countersign), { now })],
  ["signs", (countersign) => countersign.sign({ sub: "mallory" }, ed25519Key(countersign), { jwtId: true })],
  [
    "fails",
    (countersign) =>
      refuses(countersign, () => countersign.decodeUnverified("a"), [
        "TOKEN_MALFORMED",
        "token is not three segments separated by dots",
      ]),
  ],
  [
    "fails_to_import",
    (countersign) =>
      refuses(countersign, () => countersign.Key.fromSecret("short", { alg: "HS256" }), [
        "KEY_TOO_WEAK",
        'HS256 needs a secret of at least 32 bytes: option "allowShort" accepts it during a migration',
      ]),
  ],
];

export const cases = [
  ...inners.map(([what, inner]) => ({
    name: `keeps_its_options_when_one_of_them_${what}`,
    check: (countersign) => {
      const token = goodToken(countersign);
      const key = hmacKey(countersign);
      const options = () => interrupted(() => inner(countersign));
      refuses(countersign, () => countersign.verify(token, key, options()), wrongIssuer);
      refuses(countersign, () => new countersign.Verifier(key).verify(token, options()), wrongIssuer);
      refuses(countersign, () => new countersign.Verifier(key, options()).verify(token), wrongIssuer);
      same(countersign.decodeUnverified(countersign.sign({}, key, options())).claims, {
        iss: "issuer",
        exp: seconds + 900,
        iat: seconds,
      });
    },
  })),
  {
    name: "keeps_its_options_when_one_of_them_frees_its_key",
    check: (countersign) => {
      const token = goodToken(countersign);
      const key = hmacKey(countersign);
      refuses(
        countersign,
        () =>
          countersign.verify(
            token,
            key,
            interrupted(() => key.free()),
          ),
        wrongIssuer,
      );
      refuses(countersign, () => countersign.verify(token, key), ["KEY_INVALID", "key has been freed"]);
      same(countersign.verify(token, hmacKey(countersign), { now }).claims.sub, "alice");
    },
  },
  {
    name: "keeps_its_options_when_one_of_them_frees_its_verifier",
    check: (countersign) => {
      const token = goodToken(countersign);
      const verifier = new countersign.Verifier(hmacKey(countersign));
      refuses(
        countersign,
        () =>
          verifier.verify(
            token,
            interrupted(() => verifier.free()),
          ),
        wrongIssuer,
      );
      refuses(countersign, () => verifier.verify(token), ["KEY_INVALID", "verifier has been freed"]);
      same(countersign.verify(token, hmacKey(countersign), { now }).claims.sub, "alice");
    },
  },
  ...[
    ["hashes", 8],
    ["hashes_with_more_memory_than_the_module_keeps", 40_960],
  ].map(([what, memoryKib]) => ({
    name: `keeps_its_policy_when_one_of_its_members_${what}`,
    check: (countersign) => {
      const policy = {
        get normalize() {
          countersign.hashPassword("another", { params: { memoryKib, passes: 1, lanes: 1 } });
          return undefined;
        },
        params: { memoryKib: 8, passes: 1, lanes: 1 },
        limits: { passwordBytes: 10 },
      };
      refuses(countersign, () => countersign.hashPassword("longer than ten", policy), [
        "PASSWORD_TOO_LONG",
        'password is longer than the option "limits.passwordBytes" allows',
      ]);
      same(countersign.hashPassword("short", policy).startsWith("$argon2id$v=19$m=8,t=1,p=1$"), true);
    },
  })),
];
