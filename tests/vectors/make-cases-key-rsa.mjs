// RSA keys as JWKs: what a modulus and an exponent must be, and which numbers belong together.

import { answers } from "./make-compact.mjs";
import {
  jwkMissing,
  jwkNoAlg,
  jwkNotBase64url,
  jwkZero,
  rsaEvenModulus,
  rsaExponent,
  rsaPartsDiffer,
  rsaPrimes,
  rsaRoca,
  rsaTooLong,
  rsaTooShort,
} from "./make-errors.mjs";
import { refuses, takes } from "./make-import-key.mjs";
import { rsa7515, rsa7515Private, rsa7517Private } from "./make-keys-rfc.mjs";
import { bytesOf } from "./make-material.mjs";
import { octets, prime, publicOf, rsaJwk, toInteger, uint } from "./make-rsa.mjs";
import { fromBytes, inverse } from "./make-weierstrass.mjs";

const key = (jwk, alg = "RS256") => ({ key: { jwk, alg } });
const changed = (base, changes) => JSON.parse(JSON.stringify({ ...base, ...changes }));
const of = (type, alg = "RS256") => ({ alg, kid: null, type });
const MISSING = undefined;

const lengths = "RFC 7518 §3.3, §3.5: 2048 bits or more";
const longest = "countersign: 8192 bits at most, as a longer modulus only slows the verifier down";
const exponents = "RFC 8017 §3.1: an odd e from 3 on; countersign: of 33 bits at most";
const javaZeros = "countersign: BigInteger.toByteArray of Java adds a sign";
const encoding = "RFC 7518 §2: Base64urlUInt has no leading zeros";
const together = "RFC 8017 §3.2";
const members = "RFC 7518 §6.3.2: all members but oth, or none";
const roca = "CVE-2017-15361: moduli of the ROCA kind";

/** An odd number of exactly so many bits, for public keys: nobody looks for its factors. */
function modulus(bits) {
  const whole = fromBytes(bytesOf(`modulus ${bits}`, Math.ceil(bits / 8)));
  return (whole & ((1n << BigInt(bits)) - 1n)) | (1n << BigInt(bits - 1)) | 1n;
}
const ofBits = (bits, e = 65537n) => ({ kty: "RSA", n: uint(modulus(bits)), e: uint(e) });

/** A modulus of 2048 bits that is a power of 65537 modulo each of the small primes, or of all but the last. */
const SMALL = [11n, 13n, 17n, 19n, 37n, 53n, 61n, 71n, 73n, 79n, 97n, 103n, 107n, 109n, 127n, 151n, 157n];
function fingerprinted(lastResidue) {
  const residues = SMALL.map((small) => 65537n ** 5n % small);
  if (lastResidue !== undefined) residues[residues.length - 1] = lastResidue;
  const product = SMALL.reduce((left, right) => left * right, 2n);
  const least = SMALL.reduce(
    (sum, small, i) => sum + residues[i] * (product / small) * inverse(product / small, small),
    product / 2n,
  );
  const high = modulus(2048);
  return high - (high % product) + (least % product);
}
const powers = new Set(Array.from({ length: 157 }, (_, i) => 65537n ** BigInt(i) % 157n));
const notAPower = Array.from({ length: 156 }, (_, i) => BigInt(i + 1)).find((residue) => !powers.has(residue));

const whole = rsa7515Private;
const { p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...withoutPrimes } = whole;
const [n, d, p, q] = ["n", "d", "p", "q"].map((name) => toInteger(whole[name]));
const lambda = ((p - 1n) * (q - 1n)) / gcd(p - 1n, q - 1n);
function gcd(a, b) {
  return b === 0n ? a : gcd(b, a % b);
}
const exchanged = { ...whole, p: whole.q, q: whole.p, dp: whole.dq, dq: whole.dp, qi: uint(inverse(p, q)) };
const short = rsaJwk(prime("p of 2047 bits", 1024), prime("q of 2047 bits", 1023));
const small = rsaJwk(prime("p of 1024 bits", 512), prime("q of 1024 bits", 512));
const large = rsaJwk(prime("p of 3072 bits", 1536), prime("q of 3072 bits", 1536));
const three = ["first", "second", "third"].map((which) => prime(`the ${which} of three primes`, 700));
const threePrimes = (() => {
  const [a, b, c] = three;
  const exponent = inverse(65537n, (a - 1n) * (b - 1n) * (c - 1n));
  return { ...rsaJwk(a, b, { d: exponent }), n: uint(a * b * c) };
})();
const oth = [{ r: uint(three[2]), d: "AQ", t: "AQ" }];
const plusOne = (text) => uint(toInteger(text) + 1n);

const exponent = (e) => changed(rsa7515, { e: uint(e) });

export default {
  description: "RSA keys as JWKs.",
  cases: [
    takes("a_public_rsa_jwk", "RFC 7518 §6.3.1", key(rsa7515), of("public")),
    takes("a_private_rsa_jwk", "RFC 7518 §6.3.2", key(whole), of("private")),
    takes(
      "an_rsa_jwk_with_its_own_alg",
      "RFC 7517 §4.4",
      { key: { jwk: { ...rsa7515, alg: "PS384" } } },
      {
        ...of("public", "PS384"),
      },
    ),
    takes("the_public_half_of_a_private_rsa_jwk", "RFC 7518 §6.3.1", { ...key(whole), as: "public" }, of("public")),
    refuses("an_rsa_jwk_without_any_alg", "RFC 8725 §3.1", { key: { jwk: rsa7515 } }, jwkNoAlg),
    ...["n", "e"].map((member) =>
      refuses(
        `an_rsa_jwk_without_${member}`,
        members,
        key(changed(rsa7515, { [member]: MISSING })),
        jwkMissing(member),
      ),
    ),

    takes("an_rsa_key_of_2048_bits", lengths, key(ofBits(2048)), of("public")),
    refuses("an_rsa_key_of_2047_bits", lengths, key(ofBits(2047)), rsaTooShort),
    refuses("an_rsa_key_of_2047_bits_for_ps512", lengths, key(ofBits(2047), "PS512"), rsaTooShort),
    refuses("an_rsa_key_of_1024_bits", lengths, key(publicOf(small)), rsaTooShort),
    refuses("a_private_rsa_key_of_2047_bits", lengths, key(short), rsaTooShort),
    refuses("a_private_rsa_key_of_1024_bits", lengths, key(small), rsaTooShort),
    takes("a_private_rsa_key_of_3072_bits", lengths, key(large), of("private")),
    takes("an_rsa_key_of_8192_bits", longest, key(ofBits(8192)), of("public")),
    refuses("an_rsa_key_of_8193_bits", longest, key(ofBits(8193)), rsaTooLong),
    refuses("an_rsa_key_of_16384_bits", longest, key(ofBits(16384)), rsaTooLong),
    refuses("an_rsa_key_with_an_even_modulus", "RFC 8017 §3.1", key({ ...rsa7515, n: uint(n + 1n) }), rsaEvenModulus),

    takes("an_rsa_key_with_the_exponent_3", exponents, key(exponent(3n)), of("public")),
    refuses("an_rsa_key_with_the_exponent_1", exponents, key(exponent(1n)), rsaExponent),
    refuses("an_rsa_key_with_the_exponent_2", exponents, key(exponent(2n)), rsaExponent),
    refuses("an_rsa_key_with_the_exponent_65536", exponents, key(exponent(65536n)), rsaExponent),
    takes("an_rsa_key_with_an_exponent_of_33_bits", exponents, key(exponent(2n ** 33n - 1n)), of("public")),
    refuses("an_rsa_key_with_an_exponent_of_34_bits", exponents, key(exponent(2n ** 33n + 1n)), rsaExponent),
    refuses("an_rsa_key_with_an_exponent_above_its_modulus", exponents, key(exponent(n + 2n)), rsaExponent),

    refuses("an_rsa_key_of_the_roca_kind", roca, key({ ...rsa7515, n: uint(fingerprinted()) }), rsaRoca),
    takes(
      "an_rsa_key_that_one_small_prime_tells_from_the_roca_kind",
      roca,
      key({ ...rsa7515, n: uint(fingerprinted(notAPower)) }),
      of("public"),
    ),

    ...["n", "e"].flatMap((member) => [
      takes(
        `an_rsa_jwk_whose_${member}_has_a_leading_zero`,
        javaZeros,
        key({ ...rsa7515, [member]: zeroBefore(rsa7515[member]) }),
        of("public"),
      ),
      answers(
        "exportJwk",
        `drops_the_leading_zero_of_the_${member}_of_an_rsa_jwk`,
        encoding,
        key({ ...rsa7515, [member]: zeroBefore(rsa7515[member]) }),
        { ...rsa7515, alg: "RS256" },
      ),
      refuses(`an_rsa_jwk_whose_${member}_is_empty`, encoding, key({ ...rsa7515, [member]: "" }), jwkZero(member)),
      refuses(`an_rsa_jwk_whose_${member}_is_zero`, encoding, key({ ...rsa7515, [member]: "AA" }), jwkZero(member)),
      refuses(
        `an_rsa_jwk_whose_${member}_has_another_padding`,
        "RFC 4648 §3.2",
        key({ ...rsa7515, [member]: `${rsa7515[member]}===` }),
        jwkNotBase64url(member),
      ),
    ]),
    ...["d", "p", "q", "dp", "dq", "qi"].map((member) =>
      takes(
        `an_rsa_jwk_whose_${member}_has_a_leading_zero`,
        javaZeros,
        key({ ...whole, [member]: zeroBefore(whole[member]) }),
        of("private"),
      ),
    ),
    ...["p", "q", "dp", "dq", "qi"].map((member) =>
      refuses(
        `an_rsa_jwk_with_${member}_and_without_d`,
        "countersign: it is no public key",
        key({ ...rsa7515, [member]: whole[member] }),
        jwkMissing(member === "p" ? "q" : "p"),
      ),
    ),
    refuses(
      "a_private_rsa_jwk_without_d",
      "countersign: it is no public key",
      key(changed(whole, { d: MISSING })),
      jwkMissing("d"),
    ),
    takes(
      "an_rsa_jwk_whose_private_members_are_null",
      "countersign: null is absence; .NET writes it",
      key({ ...rsa7515, d: null, p: null, q: null, dp: null, dq: null, qi: null, oth: null, k: null }),
      of("public"),
    ),

    takes("an_rsa_jwk_of_d_alone", `${members}; the primes follow from n, e and d`, key(withoutPrimes), of("private")),
    answers(
      "exportJwk",
      "finds_the_primes_of_an_rsa_jwk_of_d_alone",
      "RFC 8017 §3.2, FIPS 186-5 appendix A.1.1",
      { ...key(withoutPrimes), private: true },
      { ...whole, alg: "RS256" },
    ),
    ...["p", "q", "dp", "dq", "qi"].map((member) =>
      refuses(
        `a_private_rsa_jwk_without_${member}`,
        members,
        key(changed(whole, { [member]: MISSING })),
        jwkMissing(member),
      ),
    ),
    takes("an_rsa_jwk_whose_smaller_prime_comes_first", `${together}: in any order`, key(exchanged), of("private")),
    takes(
      "an_rsa_jwk_whose_d_is_the_least",
      `${together}: modulo the least common multiple of p - 1 and q - 1, or their product`,
      key({ ...whole, d: uint(d % lambda) }),
      of("private"),
    ),
    refuses(
      "an_rsa_jwk_whose_d_is_above_its_modulus",
      `${together}: d < n`,
      key({ ...whole, d: uint(d + lambda * (n / lambda + 1n)) }),
      rsaPartsDiffer,
    ),
    refuses("an_rsa_jwk_with_the_d_of_another", together, key({ ...whole, d: rsa7517Private.d }), rsaPartsDiffer),
    refuses(
      "an_rsa_jwk_of_the_d_of_another_alone",
      together,
      key({ ...withoutPrimes, d: rsa7517Private.d }),
      rsaPartsDiffer,
    ),
    refuses("an_rsa_jwk_with_the_n_of_another", together, key({ ...whole, n: rsa7517Private.n }), rsaPartsDiffer),
    refuses("an_rsa_jwk_with_another_e", together, key({ ...whole, e: uint(3n) }), rsaPartsDiffer),
    ...["d", "dp", "dq", "qi"].map((member) =>
      refuses(
        `an_rsa_jwk_whose_${member}_is_wrong_by_one`,
        together,
        key({ ...whole, [member]: plusOne(whole[member]) }),
        rsaPartsDiffer,
      ),
    ),
    ...["p", "q"].map((member) =>
      refuses(
        `an_rsa_jwk_whose_${member}_is_wrong_by_two`,
        together,
        key({ ...whole, [member]: uint(toInteger(whole[member]) + 2n) }),
        rsaPartsDiffer,
      ),
    ),
    refuses("an_rsa_jwk_whose_p_is_its_n_and_q_is_1", together, key({ ...whole, p: whole.n, q: "AQ" }), rsaPartsDiffer),
    refuses(
      "an_rsa_jwk_with_further_primes",
      "RFC 7518 §6.3.2: who does not support oth must not use the key",
      key({ ...threePrimes, oth }),
      rsaPrimes,
    ),
    refuses(
      "an_rsa_jwk_that_says_it_has_further_primes",
      "RFC 7518 §6.3.2: who does not support oth must not use the key",
      key({ ...whole, oth }),
      rsaPrimes,
    ),
    refuses("an_rsa_jwk_of_three_primes_that_hides_one", together, key(threePrimes), rsaPartsDiffer),
  ],
};

function zeroBefore(text) {
  return Buffer.concat([Buffer.alloc(1), octets(toInteger(text))]).toString("base64url");
}
