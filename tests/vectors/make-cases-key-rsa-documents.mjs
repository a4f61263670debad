// RSA keys as PKCS#1, PKCS#8 and SPKI, in DER and PEM; and those that are for RSASSA-PSS alone.

import { der, integer, NULL, OID, pem, pkcs8, sequence, spki } from "./make-asn1.mjs";
import {
  hasParameters,
  holdsNone,
  noForm,
  notPkcs8,
  notSpki,
  partsDiffer,
  pssIllFormed,
  pssOtherUse,
  pssUnusable,
  rsaEvenModulus,
  rsaExponent,
  rsaPartsDiffer,
  rsaPrimes,
  rsaTooShort,
  severalPems,
  wrongKind,
} from "./make-errors.mjs";
import { refuses, takes } from "./make-import-key.mjs";
import { rsa7515, rsa7515Private, rsa7517Private } from "./make-keys-rfc.mjs";
import { base64url } from "./make-material.mjs";
import {
  pkcs1Private,
  pkcs1Public,
  prime,
  pssParameters,
  publicOf,
  RSA_ALGORITHM,
  rsaJwk,
  toInteger,
  uint,
} from "./make-rsa.mjs";

const derKey = (document, alg = "RS256") => ({ key: { der: base64url(document), alg } });
const pemKey = (text, alg = "RS256") => ({ key: { pem: text, alg } });
const of = (type, alg = "RS256") => ({ alg, kid: null, type });

const pkcs1Rule = "RFC 8017 appendix A.1";
const spkiRule = "RFC 3279 §2.3.1";
const pkcs8Rule = "RFC 5958 §2";
const pssRule = "RFC 4055 §3.1, RFC 8017 appendix A.2.3";
const lengths = "RFC 7518 §3.3: 2048 bits or more";
const kinds = "RFC 8725 §3.1: a key of another kind";
const der1 = "X.690 §8.3.2: an INTEGER in the fewest bytes";

const open = pkcs1Public(rsa7515);
const whole = pkcs1Private(rsa7515Private);
const inSpki = (document = open, algorithm = RSA_ALGORITHM) => spki(document, algorithm);
const inPkcs8 = (document = whole, algorithm = RSA_ALGORITHM, more = {}) =>
  pkcs8(undefined, { inner: document, algorithm, ...more });
const pss = (...parameters) => sequence(OID.rsaPss, ...parameters);
const number = (jwk, name) => integer(Buffer.from(jwk[name], "base64url"));
const small = rsaJwk(prime("p of 1024 bits", 512), prime("q of 1024 bits", 512));
const [n, e] = [number(rsa7515, "n"), number(rsa7515, "e")];
const even = { ...rsa7515, n: uint(toInteger(rsa7515.n) + 1n) };
const privatePem = pem("RSA PRIVATE KEY", whole);

const sha256 = pssParameters("sha256", 32);
const PSS_KEYS = {
  sha_256: ["PS256", sha256],
  sha_384: ["PS384", pssParameters("sha384", 48)],
  sha_512: ["PS512", pssParameters("sha512", 64)],
};

export default {
  description: "RSA keys as PKCS#1, PKCS#8 and SPKI.",
  cases: [
    takes("a_public_pkcs1_document", pkcs1Rule, derKey(open), of("public")),
    takes("a_public_pkcs1_pem", pkcs1Rule, pemKey(pem("RSA PUBLIC KEY", open)), of("public")),
    takes("a_private_pkcs1_document", pkcs1Rule, derKey(whole), of("private")),
    takes("a_private_pkcs1_pem", pkcs1Rule, pemKey(privatePem), of("private")),
    takes(
      "a_private_pkcs1_pem_with_windows_lines",
      "RFC 7468 §2",
      pemKey(privatePem.replaceAll("\n", "\r\n")),
      of("private"),
    ),
    takes("a_private_pkcs1_pem_without_its_last_line_feed", "RFC 7468 §2", pemKey(privatePem.trimEnd()), of("private")),
    refuses("two_private_pkcs1_pems", "countersign: two blocks", pemKey(privatePem + privatePem), severalPems),
    takes("an_rsa_spki_document", spkiRule, derKey(inSpki()), of("public")),
    takes("an_rsa_spki_pem", "RFC 7468 §13", pemKey(pem("PUBLIC KEY", inSpki())), of("public")),
    takes("an_rsa_pkcs8_document", pkcs8Rule, derKey(inPkcs8()), of("private")),
    takes("an_rsa_pkcs8_pem", "RFC 7468 §10", pemKey(pem("PRIVATE KEY", inPkcs8())), of("private")),
    takes("the_public_half_of_an_rsa_pkcs8_document", pkcs8Rule, { ...derKey(inPkcs8()), as: "public" }, of("public")),
    ...["RS384", "RS512", "PS256", "PS384", "PS512"].map((alg) =>
      takes(`an_rsa_pkcs8_document_for_${alg.toLowerCase()}`, pkcs8Rule, derKey(inPkcs8(), alg), of("private", alg)),
    ),
    takes(
      "an_rsa_spki_document_without_parameters",
      `${spkiRule}: some writers leave the NULL out`,
      derKey(inSpki(open, sequence(OID.rsa))),
      of("public"),
    ),
    refuses(
      "an_rsa_spki_document_with_other_parameters",
      spkiRule,
      derKey(inSpki(open, sequence(OID.rsa, OID.p256))),
      hasParameters,
    ),
    refuses("a_pkcs1_document_labelled_public_key", "RFC 7468 §13", pemKey(pem("PUBLIC KEY", open)), notSpki),
    refuses("a_pkcs1_document_labelled_private_key", "RFC 7468 §10", pemKey(pem("PRIVATE KEY", whole)), notPkcs8),
    refuses(
      "an_spki_document_labelled_rsa_public_key",
      pkcs1Rule,
      pemKey(pem("RSA PUBLIC KEY", inSpki())),
      holdsNone("PKCS#1", "RSA public key"),
    ),
    refuses(
      "a_pkcs8_document_labelled_rsa_private_key",
      pkcs1Rule,
      pemKey(pem("RSA PRIVATE KEY", inPkcs8())),
      holdsNone("PKCS#1", "RSA private key"),
    ),
    refuses(
      "an_rsa_spki_document_of_something_else",
      spkiRule,
      derKey(inSpki(OID.rsa)),
      holdsNone("SPKI", "RSA public key"),
    ),
    refuses(
      "an_rsa_pkcs8_document_of_a_public_key",
      pkcs8Rule,
      derKey(inPkcs8(open)),
      holdsNone("PKCS#8", "RSA private key"),
    ),
    refuses(
      "an_rsa_pkcs8_document_with_a_public_key",
      `${pkcs8Rule}: an RSA key holds its public half already`,
      derKey(inPkcs8(whole, RSA_ALGORITHM, { publicKey: open })),
      partsDiffer,
    ),
    refuses(
      "a_pkcs1_document_with_a_byte_after_it",
      "X.690 §8.1",
      derKey(Buffer.concat([open, Buffer.alloc(1)])),
      noForm,
    ),
    refuses("a_pkcs1_document_with_a_third_number", pkcs1Rule, derKey(sequence(n, e, e)), noForm),
    refuses(
      "a_pkcs1_document_with_a_leading_zero_too_many",
      der1,
      derKey(sequence(der(0x02, [0], n.subarray(4)), e)),
      noForm,
    ),
    refuses(
      "a_pkcs1_document_with_a_negative_modulus",
      pkcs1Rule,
      derKey(sequence(der(0x02, n.subarray(5)), e)),
      noForm,
    ),
    refuses(
      "a_private_pkcs1_document_of_several_primes",
      "RFC 8017 appendix A.1.2: version 1",
      derKey(pkcs1Private(rsa7515Private, { version: 1, more: [sequence(sequence(e, e, e))] })),
      rsaPrimes,
    ),
    refuses(
      "a_private_pkcs1_document_of_version_2",
      pkcs1Rule,
      derKey(pkcs1Private(rsa7515Private, { version: 2 })),
      noForm,
    ),
    refuses("a_pkcs1_document_of_1024_bits", lengths, derKey(pkcs1Public(small)), rsaTooShort),
    refuses("a_private_pkcs1_document_of_1024_bits", lengths, derKey(pkcs1Private(small)), rsaTooShort),
    refuses("an_rsa_spki_document_of_1024_bits", lengths, derKey(inSpki(pkcs1Public(small))), rsaTooShort),
    refuses("a_pkcs1_document_with_an_even_modulus", "RFC 8017 §3.1", derKey(pkcs1Public(even)), rsaEvenModulus),
    refuses(
      "a_pkcs1_document_with_the_exponent_1",
      "RFC 8017 §3.1",
      derKey(pkcs1Public({ ...rsa7515, e: "AQ" })),
      rsaExponent,
    ),
    refuses(
      "a_private_pkcs1_document_with_the_d_of_another",
      "RFC 8017 §3.2",
      derKey(pkcs1Private({ ...rsa7515Private, d: rsa7517Private.d })),
      rsaPartsDiffer,
    ),
    refuses(
      "a_private_pkcs1_document_with_the_qi_of_another",
      "RFC 8017 §3.2",
      derKey(pkcs1Private({ ...rsa7515Private, qi: rsa7517Private.qi })),
      rsaPartsDiffer,
    ),
    refuses(
      "an_rsa_spki_document_under_es256",
      kinds,
      derKey(inSpki(), "ES256"),
      wrongKind("an RSA public key", "ES256"),
    ),
    refuses(
      "a_private_pkcs1_pem_under_es512",
      kinds,
      pemKey(privatePem, "ES512"),
      wrongKind("an RSA private key", "ES512"),
    ),
    refuses(
      "a_public_pkcs1_document_under_hs256",
      kinds,
      derKey(open, "HS256"),
      wrongKind("an RSA public key", "HS256"),
    ),

    ...["PS256", "PS384", "PS512"].map((alg) =>
      takes(
        `an_rsa_pss_key_without_parameters_for_${alg.toLowerCase()}`,
        pssRule,
        derKey(inSpki(open, pss()), alg),
        of("public", alg),
      ),
    ),
    refuses(
      "an_rsa_pss_key_without_parameters_for_rs256",
      "RFC 4055 §1.2: it must not be used with another padding",
      derKey(inSpki(open, pss())),
      pssOtherUse,
    ),
    takes("a_private_rsa_pss_key", pssRule, derKey(inPkcs8(whole, pss()), "PS256"), of("private", "PS256")),
    refuses(
      "a_private_rsa_pss_key_for_rs256",
      "RFC 4055 §1.2: it must not be used with another padding",
      derKey(inPkcs8(whole, pss())),
      pssOtherUse,
    ),
    ...Object.entries(PSS_KEYS).flatMap(([name, [alg, parameters]]) => [
      takes(`an_rsa_pss_key_for_${name}`, pssRule, derKey(inSpki(open, pss(parameters)), alg), of("public", alg)),
      takes(
        `a_private_rsa_pss_key_for_${name}`,
        pssRule,
        derKey(inPkcs8(whole, pss(parameters)), alg),
        of("private", alg),
      ),
      ...["PS256", "PS384", "PS512", `RS${alg.slice(2)}`]
        .filter((other) => other !== alg)
        .map((other) =>
          refuses(
            `an_rsa_pss_key_for_${name}_under_${other.toLowerCase()}`,
            pssRule,
            derKey(inSpki(open, pss(parameters)), other),
            pssOtherUse,
          ),
        ),
    ]),
    takes(
      "an_rsa_pss_key_that_allows_a_shorter_salt",
      `${pssRule}: the salt length is the least`,
      derKey(inSpki(open, pss(pssParameters("sha256", 20))), "PS256"),
      of("public", "PS256"),
    ),
    refuses(
      "an_rsa_pss_key_that_wants_a_longer_salt",
      `${pssRule}: RFC 7518 §3.5 has salts as long as the digest`,
      derKey(inSpki(open, pss(pssParameters("sha256", 33))), "PS256"),
      pssUnusable,
    ),
    refuses(
      "an_rsa_pss_key_of_two_digests",
      "RFC 7518 §3.5: MGF1 with the same digest",
      derKey(inSpki(open, pss(pssParameters("sha256", 32, { maskHash: "sha384" }))), "PS256"),
      pssUnusable,
    ),
    refuses(
      "an_rsa_pss_key_with_the_default_parameters",
      `${pssRule}: the defaults are SHA-1`,
      derKey(inSpki(open, pss(sequence())), "PS256"),
      pssUnusable,
    ),
    refuses(
      "an_rsa_pss_key_with_ill_formed_parameters",
      pssRule,
      derKey(inSpki(open, pss(NULL)), "PS256"),
      pssIllFormed,
    ),
    refuses(
      "an_rsa_pss_key_of_1024_bits",
      lengths,
      derKey(inSpki(pkcs1Public(publicOf(small)), pss(sha256)), "PS256"),
      rsaTooShort,
    ),
  ],
};
