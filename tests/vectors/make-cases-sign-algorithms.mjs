// Issuing with RSA and EC keys: to the letter where the signature is the same each time (RSASSA-PKCS1-v1_5, and ECDSA
// with the nonces of RFC 6979), and checked again where it is not (RSASSA-PSS).

import { OID, pkcs8, sequence } from "./make-asn1.mjs";
import { answers, fails, NOW, token } from "./make-compact.mjs";
import { forbidsSigning, publicCannotSign } from "./make-errors.mjs";
import { ecKeys, rsaKeys } from "./make-keys.mjs";
import { rsa7515Private } from "./make-keys-rfc.mjs";
import { base64url } from "./make-material.mjs";
import { pkcs1Private, prime, pssParameters, rsaJwk, rsaKey, toInteger, uint } from "./make-rsa.mjs";
import { ecKey, inverse } from "./make-weierstrass.mjs";

const claims = { exp: NOW + 900, iat: NOW, sub: "alice" };
const inputs = (key, more) => ({ claims, key, now: NOW, ...more });
const whole = { rule: "RFC 8017 §8.2.1", by: rsaKeys.slice(0, 3) };
const nonces = { rule: "RFC 6979 §3.2, RFC 7518 §3.4", by: ecKeys };

const { p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...withoutPrimes } = rsa7515Private;
const [p, q] = [toInteger(rsa7515Private.p), toInteger(rsa7515Private.q)];
const exchanged = {
  ...rsa7515Private,
  p: rsa7515Private.q,
  q: rsa7515Private.p,
  dp: rsa7515Private.dq,
  dq: rsa7515Private.dp,
  qi: uint(inverse(p, q)),
};
const large = rsaKey("large", "RS256", rsaJwk(prime("p of 3072 bits", 1536), prime("q of 3072 bits", 1536)));
/** Primes of which 3 does not divide p - 1. */
const suitable = (label) => {
  for (let i = 0; ; i += 1) {
    const found = prime(`${label} ${i}`, 1024);
    if (found % 3n !== 1n) return found;
  }
};
const three = rsaKey(
  "three",
  "RS256",
  rsaJwk(suitable("p for the exponent 3"), suitable("q for the exponent 3"), { e: 3n }),
);
const pss = sequence(OID.rsaPss, pssParameters("sha256", 32));

export default {
  description: "Tokens issued with RSA and EC keys.",
  cases: [
    ...[whole, nonces].flatMap(({ rule, by }) =>
      by.map((key) =>
        answers("sign", `signs_with_${key.name}`, rule, inputs(key.privateSpec), token({ by: key, payload: claims })),
      ),
    ),
    ...[...ecKeys, ...rsaKeys].map((key) =>
      answers("issue", `issues_what_its_public_half_accepts_with_${key.name}`, "RFC 7515 §5", inputs(key.privateSpec), {
        header: { alg: key.alg, typ: "JWT" },
        claims,
      }),
    ),
    ...[...ecKeys, ...rsaKeys].map((key) =>
      fails(
        "sign",
        `refuses_to_sign_with_the_public_half_of_${key.name}`,
        "RFC 7515 §5.1",
        inputs(key.spec),
        publicCannotSign,
      ),
    ),
    ...[ecKeys[0], rsaKeys[0]].map((key) =>
      fails(
        "sign",
        `refuses_to_sign_with_${key.name}_whose_key_ops_says_verify`,
        "RFC 7517 §4.3",
        inputs({ jwk: { ...key.privateJwk, key_ops: ["verify"] }, alg: key.alg }),
        forbidsSigning,
      ),
    ),
    answers(
      "sign",
      "signs_with_an_rsa_key_of_d_alone",
      "RFC 7518 §6.3.2",
      inputs({ jwk: withoutPrimes, alg: "RS256" }),
      token({ by: rsaKeys[0], payload: claims }),
    ),
    answers(
      "sign",
      "signs_with_an_rsa_key_whose_smaller_prime_comes_first",
      "RFC 8017 §3.2",
      inputs({ jwk: exchanged, alg: "RS256" }),
      token({ by: rsaKeys[0], payload: claims }),
    ),
    answers(
      "sign",
      "signs_with_an_rsa_key_in_pkcs1",
      "RFC 8017 appendix A.1.2",
      inputs({ der: base64url(pkcs1Private(rsa7515Private)), alg: "RS256" }),
      token({ by: rsaKeys[0], payload: claims }),
    ),
    ...[large, three].map((key) =>
      answers(
        "sign",
        `signs_with_an_rsa_key_of_${key === large ? "3072_bits" : "the_exponent_3"}`,
        "RFC 8017 §8.2.1",
        inputs(key.privateSpec),
        token({ by: key, payload: claims }),
      ),
    ),
    answers(
      "issue",
      "issues_with_a_key_for_rsa_pss_alone",
      "RFC 4055 §3.1",
      inputs({
        der: base64url(pkcs8(undefined, { inner: pkcs1Private(rsa7515Private), algorithm: pss })),
        alg: "PS256",
      }),
      { header: { alg: "PS256", typ: "JWT" }, claims },
    ),
    ...ecKeys.flatMap(({ curve, name }) =>
      [1n, curve.n - 1n].map((d) => {
        const key = ecKey("edge", curve, d);
        return answers(
          "sign",
          `signs_with_the_${name}_key_${d === 1n ? "1" : "n_minus_1"}`,
          "FIPS 186-5 §6.2",
          inputs(key.privateSpec),
          token({ by: key, payload: claims }),
        );
      }),
    ),
  ],
};
