// Keys for encryption: what they are made of, what is refused in them, and what is written of them; and what encrypting
// takes and refuses.

import { createPrivateKey, createPublicKey } from "node:crypto";
import { answers, CLAIMS, fails, NOW, token } from "./make-compact.mjs";
import {
  ctyMissing,
  error,
  expired,
  jwkMissing,
  jwkNotBase64url,
  jwkRepeatsOperation,
  jwkUseAgainstOps,
  noPrivateHalf,
  noPublicHalf,
  notSpki,
} from "./make-errors.mjs";
import { curves, encryptionKeys, ephemerals, jwe, rsa } from "./make-jwe.mjs";
import { p256of7515Private } from "./make-keys-rfc.mjs";
import { base64url, bytesOf, ed25519 } from "./make-material.mjs";

const invalid = (message) => error("KEY_INVALID", message);
const usage = (message) => error("KEY_USAGE", message);
const option = (message) => error("OPTION_INVALID", message);
const NEEDS = {
  dir: "a secret",
  A128KW: "a secret",
  A256KW: "a secret",
  "ECDH-ES": "a P-256, P-384, P-521 or X25519 key",
  "PBES2-HS256+A128KW": "a password",
  "RSA-OAEP-256": "an RSA key",
};
const wrongKind = (found, alg) => invalid(`this is ${found}; alg "${alg}" needs ${NEEDS[alg]}`);

const imports = (name, source, key, ok) =>
  answers("importEncryptionKey", `imports_${name}`, source, { key }, { enc: null, kid: null, ...ok });
const refuses = (name, source, key, expected) =>
  fails("importEncryptionKey", `refuses_${name}`, source, { key }, expected);

const secret = (length) => base64url(bytesOf("jwe secret", length));
const oct = (length, more) => ({ kty: "oct", k: secret(length), ...more });
const publicOf = ({ kty, crv, x, y, n, e }) => JSON.parse(JSON.stringify({ kty, crv, x, y, n, e }));
const document = (jwk, half, format) => {
  const key =
    half === "private" ? createPrivateKey({ key: jwk, format: "jwk" }) : createPublicKey({ key: jwk, format: "jwk" });
  const type = half === "private" ? "pkcs8" : "spki";
  const written = key.export({ type, format });
  return format === "pem" ? written : base64url(written);
};

const lengthRule = "RFC 7518 §4.4, §4.5, §4.7 and §5: a secret has one length";
const useRule = "RFC 7517 §4.2";
const opsRule = "RFC 7517 §4.3";
const x = curves.X25519;
export default {
  description: "Keys for encryption, and what encrypting takes and refuses.",
  keys: Object.fromEntries(Object.entries(encryptionKeys).map(([name, { spec }]) => [name, spec])),
  cases: [
    // Secrets.
    ...[
      ["A128KW", 16],
      ["A192KW", 24],
      ["A256KW", 32],
      ["A128GCMKW", 16],
      ["A192GCMKW", 24],
      ["A256GCMKW", 32],
    ].flatMap(([alg, length]) => [
      imports(
        `a_secret_for_${alg.toLowerCase()}`,
        lengthRule,
        { secret: secret(length), alg, kid: "a" },
        { alg, kid: "a", type: "secret" },
      ),
      ...[0, length - 1, length + 1, 64].map((other) =>
        refuses(
          `${other}_bytes_for_${alg.toLowerCase()}`,
          lengthRule,
          { secret: secret(other), alg },
          invalid(`${alg} needs a secret of exactly ${length} bytes`),
        ),
      ),
    ]),
    ...[
      ["A128GCM", 16],
      ["A192GCM", 24],
      ["A256GCM", 32],
      ["A128CBC-HS256", 32],
      ["A192CBC-HS384", 48],
      ["A256CBC-HS512", 64],
    ].flatMap(([enc, length]) => {
      const name = enc.toLowerCase().replaceAll("-", "_");
      return [
        imports(
          `a_secret_for_dir_with_${name}`,
          lengthRule,
          { secret: secret(length), alg: "dir", enc },
          { alg: "dir", enc, type: "secret" },
        ),
        ...[length - 1, length + 1].map((other) =>
          refuses(
            `${other}_bytes_for_dir_with_${name}`,
            lengthRule,
            { secret: secret(other), alg: "dir", enc },
            invalid(`dir with ${enc} needs a secret of exactly ${length} bytes`),
          ),
        ),
        imports(
          `a_jwk_of_alg_${name}_for_dir`,
          "RFC 7520 §5.6",
          { jwk: oct(length, { alg: enc }) },
          { alg: "dir", enc, type: "secret" },
        ),
      ];
    }),
    imports(
      "a_jwk_of_alg_dir_with_enc",
      "the JWK leaves the content encryption open",
      { jwk: oct(16, { alg: "dir" }), enc: "A128GCM" },
      { alg: "dir", enc: "A128GCM", type: "secret" },
    ),
    refuses(
      "a_jwk_of_alg_dir_without_enc",
      "a key for dir is bound to one content encryption",
      { jwk: oct(16, { alg: "dir" }) },
      invalid('JWK member "alg" is "dir": pass the option "enc"'),
    ),
    refuses(
      "a_secret_for_dir_without_enc",
      "a key for dir is bound to one content encryption",
      { secret: secret(16), alg: "dir" },
      option('missing option "enc": alg "dir" needs it'),
    ),
    refuses(
      "an_enc_for_another_alg_than_dir",
      "an option of ours",
      { secret: secret(16), alg: "A128KW", enc: "A128GCM" },
      option('option "enc" of a key is for alg "dir" only'),
    ),
    ...["RSA1_5", "RSA-OAEP-224", "A512KW", "ECDH-ES+A128GCMKW", "ECDH-1PU", "a128kw", "HS256", "none"].map((alg) =>
      refuses(
        `to_make_a_key_for_${alg.toLowerCase().replaceAll(/[-+]/g, "_")}${alg === "a128kw" ? "_in_lower_case" : ""}`,
        "RFC 8725 §3.2: not among our algorithms",
        { secret: secret(16), alg },
        option('option "alg" is not a supported key management algorithm'),
      ),
    ),
    refuses(
      "a_secret_for_an_agreement",
      "RFC 7518 §4.6",
      { secret: secret(32), alg: "ECDH-ES" },
      wrongKind("a secret", "ECDH-ES"),
    ),
    refuses(
      "a_secret_for_a_password_s_alg",
      "RFC 7518 §4.8",
      { secret: secret(32), alg: "PBES2-HS256+A128KW" },
      wrongKind("a secret", "PBES2-HS256+A128KW"),
    ),
    refuses(
      "an_oct_jwk_for_rsa",
      "RFC 7518 §4.3",
      { jwk: oct(32), alg: "RSA-OAEP-256" },
      wrongKind("a secret", "RSA-OAEP-256"),
    ),
    refuses(
      "a_jwk_for_encryption_without_alg",
      "RFC 8725 §3.1",
      { jwk: oct(16) },
      invalid('JWK has no "alg": pass the option "alg"'),
    ),
    refuses(
      "a_jwk_for_encryption_of_x448_without_alg",
      "RFC 8037 §2",
      { jwk: { kty: "OKP", crv: "X448", x: secret(56) } },
      invalid("this is a key on the curve X448, which is not supported"),
    ),
    refuses(
      "a_jwk_of_another_alg_than_asked_for",
      "RFC 8725 §3.1",
      { jwk: oct(16, { alg: "A128KW" }), alg: "A256KW" },
      invalid('JWK member "alg" is not the option "alg"'),
    ),
    refuses(
      "a_jwk_of_a_signature_s_alg_for_encryption",
      "RFC 8725 §3.1",
      { jwk: oct(32, { alg: "HS256" }) },
      invalid('JWK member "alg" is not a supported key management algorithm or content encryption'),
    ),
    refuses("an_encryption_jwk_without_k", "RFC 7518 §6.4.1", { jwk: { kty: "oct", alg: "A128KW" } }, jwkMissing("k")),
    imports(
      "an_encryption_jwk_with_a_padded_k",
      "countersign: padding changes nothing",
      { jwk: { kty: "oct", alg: "A128KW", k: `${secret(16)}==` } },
      { alg: "A128KW", type: "secret" },
    ),
    refuses(
      "an_encryption_jwk_with_another_padding",
      "RFC 7518 §6.4.1",
      { jwk: { kty: "oct", alg: "A128KW", k: `${secret(16)}=` } },
      jwkNotBase64url("k"),
    ),
    refuses(
      "an_encryption_jwk_whose_key_ops_repeat",
      `${opsRule}: no duplicates`,
      { jwk: oct(16, { alg: "A128KW", key_ops: ["wrapKey", "wrapKey"] }) },
      jwkRepeatsOperation,
    ),
    refuses(
      "an_encryption_jwk_whose_use_and_key_ops_disagree",
      `${opsRule}: both must be consistent`,
      { jwk: oct(16, { alg: "A128KW", use: "enc", key_ops: ["wrapKey", "sign"] }) },
      jwkUseAgainstOps,
    ),

    // What a JWK allows.
    imports(
      "a_jwk_whose_use_is_enc",
      useRule,
      { jwk: oct(16, { alg: "A128KW", use: "enc" }) },
      { alg: "A128KW", type: "secret" },
    ),
    refuses(
      "a_jwk_whose_use_is_sig",
      useRule,
      { jwk: oct(16, { alg: "A128KW", use: "sig" }) },
      usage('JWK member "use" is not "enc"'),
    ),
    imports(
      "a_jwk_whose_key_ops_unwrap",
      opsRule,
      { jwk: oct(16, { alg: "A128KW", key_ops: ["unwrapKey"] }) },
      { alg: "A128KW", type: "secret" },
    ),
    refuses(
      "a_jwk_whose_key_ops_sign",
      opsRule,
      { jwk: oct(16, { alg: "A128KW", key_ops: ["sign", "verify"] }) },
      usage('JWK member "key_ops" forbids both encrypting and decrypting'),
    ),
    refuses(
      "a_jwk_for_dir_whose_key_ops_wrap",
      opsRule,
      { jwk: oct(16, { alg: "A128GCM", key_ops: ["wrapKey"] }) },
      usage('JWK member "key_ops" forbids both encrypting and decrypting'),
    ),
    imports(
      "a_public_jwk_for_agreement_whose_key_ops_are_empty",
      "as WebCrypto writes it",
      { jwk: { ...publicOf(x), key_ops: [] }, alg: "ECDH-ES" },
      { alg: "ECDH-ES", type: "public" },
    ),
    refuses(
      "a_private_jwk_for_agreement_whose_key_ops_are_empty",
      opsRule,
      { jwk: { ...x, key_ops: [] }, alg: "ECDH-ES" },
      usage('JWK member "key_ops" forbids both encrypting and decrypting'),
    ),

    // Key pairs.
    ...Object.entries({ ...curves, rsa }).flatMap(([name, jwk]) => {
      const alg = name === "rsa" ? "RSA-OAEP-256" : "ECDH-ES";
      const called = name.toLowerCase().replaceAll("-", "_");
      // node:crypto reads an RSA key with its primes alone.
      const documents =
        name === "rsa"
          ? [["public", "spki"]]
          : [
              ["public", "spki"],
              ["private", "pkcs8"],
            ];
      return [
        imports(`a_private_${called}_jwk_for_encryption`, "RFC 7518 §6", { jwk, alg }, { alg, type: "private" }),
        imports(
          `a_public_${called}_jwk_for_encryption`,
          "RFC 7518 §6",
          { jwk: publicOf(jwk), alg },
          { alg, type: "public" },
        ),
        answers(
          "importEncryptionKey",
          `gives_the_public_half_of_a_${called}_key`,
          "RFC 7518 §6",
          { key: { jwk, alg, kid: "a" }, as: "public" },
          { alg, enc: null, kid: "a", type: "public" },
        ),
        ...documents.flatMap(([half, form]) =>
          ["pem", "der"].map((format) =>
            imports(
              `a_${called}_key_in_${form}_as_${format}_for_encryption`,
              "RFC 5958, RFC 5280, RFC 8410",
              { [format]: document(jwk, half, format), alg },
              { alg, type: half },
            ),
          ),
        ),
        answers(
          "exportEncryptionKey",
          `writes_the_public_${called}_jwk_for_encryption`,
          "RFC 7518 §6",
          { key: { jwk, alg } },
          { ...publicOf(jwk), alg },
        ),
        answers(
          "exportEncryptionKey",
          `writes_the_public_${called}_key_for_encryption_as_pem`,
          "RFC 7468",
          { key: { jwk, alg }, form: "pem" },
          document(jwk, "public", "pem"),
        ),
        ...(name === "rsa"
          ? []
          : [
              answers(
                "exportEncryptionKey",
                `writes_the_private_${called}_jwk_for_encryption`,
                "RFC 7518 §6",
                { key: { jwk, alg }, private: true },
                { ...jwk, alg },
              ),
            ]),
      ];
    }),
    answers(
      "exportEncryptionKey",
      "writes_the_private_x25519_key_as_pem",
      "RFC 8410 §7",
      { key: { jwk: x, alg: "ECDH-ES" }, form: "pem", private: true },
      document(x, "private", "pem"),
    ),
    ...[
      ["an_ed25519_jwk_for_agreement", { jwk: ed25519.jwk }, "an Ed25519 key"],
      ["an_rsa_jwk_for_agreement", { jwk: publicOf(rsa) }, "an RSA key"],
    ].map(([name, key, kind]) =>
      refuses(name, "RFC 7518 §4.6", { ...key, alg: "ECDH-ES" }, wrongKind(kind, "ECDH-ES")),
    ),
    refuses(
      "an_x25519_jwk_for_rsa",
      "RFC 7518 §4.3",
      { jwk: x, alg: "RSA-OAEP-256" },
      wrongKind("an X25519 key", "RSA-OAEP-256"),
    ),
    refuses(
      "an_x25519_pem_for_rsa",
      "RFC 7518 §4.3",
      { pem: document(x, "public", "pem"), alg: "RSA-OAEP-256" },
      wrongKind("an X25519 key", "RSA-OAEP-256"),
    ),
    refuses(
      "a_private_x25519_document_labelled_public_key",
      "RFC 7468 §13",
      { pem: document(x, "private", "pem").replaceAll("PRIVATE", "PUBLIC"), alg: "ECDH-ES" },
      notSpki,
    ),
    refuses(
      "a_p_256_jwk_for_a128kw",
      "RFC 7518 §4.4",
      { jwk: p256of7515Private, alg: "A128KW" },
      wrongKind("a P-256 key", "A128KW"),
    ),
    refuses(
      "an_x25519_jwk_of_31_bytes",
      "RFC 8037 §2",
      { jwk: { ...publicOf(x), x: base64url(bytesOf("x", 31)) }, alg: "ECDH-ES" },
      invalid("the X25519 public key is not 32 bytes long or is of small order"),
    ),
    refuses(
      "an_x25519_jwk_of_small_order",
      "RFC 7748 §6.1",
      { jwk: { ...publicOf(x), x: base64url(Buffer.alloc(32)) }, alg: "ECDH-ES" },
      invalid("the X25519 public key is not 32 bytes long or is of small order"),
    ),
    refuses(
      "an_x25519_jwk_whose_halves_do_not_belong_together",
      "RFC 8037 §2",
      { jwk: { ...x, x: ephemerals.X25519.x }, alg: "ECDH-ES" },
      invalid('JWK members "x" and "d" do not match'),
    ),
    refuses(
      "an_x25519_jwk_with_a_d_of_31_bytes",
      "RFC 8037 §2",
      { jwk: { ...x, d: base64url(bytesOf("d", 31)) }, alg: "ECDH-ES" },
      invalid("an X25519 private key must be 32 bytes"),
    ),
    refuses(
      "an_rsa_key_of_1024_bits_for_encryption",
      "RFC 7518 §4.3: 2048 bits at least",
      { jwk: { kty: "RSA", n: base64url(Buffer.alloc(128, 255)), e: "AQAB" }, alg: "RSA-OAEP-256" },
      error("KEY_TOO_WEAK", "the RSA key is shorter than 2048 bits"),
    ),
    refuses(
      "a_private_jwk_of_another_p_256_key",
      "RFC 7518 §6.2",
      { jwk: { ...curves["P-256"], d: ephemerals["P-256"].d }, alg: "ECDH-ES" },
      invalid('JWK members "x", "y" and "d" do not match'),
    ),

    // Passwords.
    imports(
      "a_password",
      "RFC 7518 §4.8",
      { password: "p", alg: "PBES2-HS512+A256KW" },
      { alg: "PBES2-HS512+A256KW", type: "secret" },
    ),
    refuses(
      "an_empty_password",
      "RFC 7518 §8.8",
      { password: "", alg: "PBES2-HS256+A128KW" },
      error("KEY_TOO_WEAK", "password is empty"),
    ),
    imports(
      "a_password_of_1024_bytes",
      "a limit of ours",
      { password: "p".repeat(1024), alg: "PBES2-HS256+A128KW" },
      { alg: "PBES2-HS256+A128KW", type: "secret" },
    ),
    refuses(
      "a_password_of_1025_bytes",
      "a limit of ours",
      { password: "p".repeat(1025), alg: "PBES2-HS256+A128KW" },
      invalid("password is longer than 1024 bytes"),
    ),
    refuses(
      "a_password_for_a128kw",
      "RFC 7518 §4.4",
      { password: "p", alg: "A128KW" },
      wrongKind("a password", "A128KW"),
    ),
    ...[999, 10_000_001].map((iterations) =>
      refuses(
        `${iterations}_iterations`,
        "a limit of ours",
        { password: "p", alg: "PBES2-HS256+A128KW", iterations },
        option('option "iterations" is not between 1000 and 10000000'),
      ),
    ),

    // What is not written.
    fails(
      "exportEncryptionKey",
      "does_not_write_the_public_half_of_an_encryption_secret",
      "RFC 7517 §4.1",
      { key: "a128kw" },
      noPublicHalf,
    ),
    fails(
      "exportEncryptionKey",
      "does_not_write_the_private_half_of_a_public_encryption_key",
      "RFC 7517 §4.1",
      { key: { jwk: publicOf(x), alg: "ECDH-ES" }, private: true },
      noPrivateHalf,
    ),
    fails(
      "exportEncryptionKey",
      "does_not_write_a_password",
      "a rule of ours",
      { key: "pbes2_hs256_a128kw", private: true },
      usage("a password has no JWK form"),
    ),
    fails(
      "exportEncryptionKey",
      "does_not_write_a_secret_as_pem",
      "RFC 7468",
      { key: "a128kw", form: "pem" },
      usage("a secret has no PEM or DER form"),
    ),
    answers(
      "exportEncryptionKey",
      "writes_a_secret_for_dir_with_its_content_encryption",
      "RFC 7520 §5.6",
      { key: { secret: secret(16), alg: "dir", enc: "A128GCM", kid: "a" }, private: true },
      { kty: "oct", k: secret(16), alg: "A128GCM", kid: "a" },
    ),

    // Encrypting: the header of the result.
    ...Object.entries(encryptionKeys).map(([name, { alg, spec }]) =>
      answers(
        "encrypt",
        `encrypts_with_${name}`,
        "RFC 7516 §5.1",
        { plaintext: "attack at dawn", key: name },
        {
          alg,
          enc: spec.enc ?? "A256GCM",
          ...(alg.startsWith("ECDH") && { epk: "<drawn>" }),
          ...(alg.endsWith("GCMKW") && { iv: "<drawn>", tag: "<drawn>" }),
          ...(alg.startsWith("PBES2") && { p2s: "<drawn>", p2c: 1000 }),
        },
      ),
    ),
    ...(() => {
      const encrypts = (name, options, more, key = "a256kw") =>
        answers(
          "encrypt",
          `encrypts_${name}`,
          "RFC 7516 §4.1",
          { plaintext: "x", key, options },
          { alg: "A256KW", enc: "A256GCM", ...more },
        );
      const not = (name, options, expected, key = "a256kw") =>
        fails(
          "encrypt",
          `refuses_to_encrypt_${name}`,
          "options are read strictly",
          { plaintext: "x", key, options },
          expected,
        );
      const badParty = (which) => option(`option "${which}" is not canonical base64url of at most 1024 bytes`);
      return [
        encrypts("with_enc_a128cbc_hs256", { enc: "A128CBC-HS256" }, { enc: "A128CBC-HS256" }),
        encrypts("with_typ_and_cty", { typ: "JOSE", cty: "text/plain" }, { typ: "JOSE", cty: "text/plain" }),
        encrypts(
          "with_a_parameter_of_the_caller_s",
          { header: { "https://example.com/a": [1, null] } },
          { "https://example.com/a": [1, null] },
        ),
        encrypts(
          "with_apu_and_apv",
          { apu: "QWxpY2U", apv: "Qm9i" },
          { alg: "ECDH-ES", epk: "<drawn>", apu: "QWxpY2U", apv: "Qm9i" },
          "x25519_ecdh_es",
        ),
        not(
          "with_an_enc_that_is_not_the_key_s",
          { enc: "A128GCM" },
          option('option "enc" is not the key\'s own content encryption'),
          "dir_a256gcm",
        ),
        not("with_an_unknown_enc", { enc: "A512GCM" }, option('option "enc" is not a supported content encryption')),
        not("with_apu_where_nothing_is_agreed_on", { apu: "QWxpY2U" }, option('option "apu" is for ECDH-ES only')),
        not("with_apv_where_nothing_is_agreed_on", { apv: "Qm9i" }, option('option "apv" is for ECDH-ES only')),
        not("with_an_apu_in_padded_base64url", { apu: "Qm8=" }, badParty("apu"), "x25519_ecdh_es"),
        not("with_an_apv_of_1025_bytes", { apv: base64url(Buffer.alloc(1025)) }, badParty("apv"), "x25519_ecdh_es"),
        ...["alg", "enc", "zip", "crit", "epk", "kid", "p2c", "cty"].map((name) =>
          not(
            `with_a_header_of_${name}`,
            { header: { [name]: "x" } },
            option(`option "header" must not set "${name}"`),
          ),
        ),
        not("with_an_option_that_is_unknown", { encryption: "A256GCM" }, option('unknown option "encryption"')),
        not("with_a_typ_that_is_a_number", { typ: 1 }, option('option "typ" is not a string')),
      ];
    })(),
    fails(
      "encrypt",
      "refuses_to_encrypt_where_key_ops_forbids_it",
      opsRule,
      { plaintext: "x", key: { jwk: oct(16, { alg: "A128KW", key_ops: ["unwrapKey"] }) } },
      usage('the key\'s "key_ops" forbids encrypting'),
    ),

    // Nested tokens.
    ...(() => {
      const key = encryptionKeys.x25519_ecdh_es;
      const nested = (plaintext, header) => jwe({ key, ephemeral: ephemerals.X25519, plaintext, header });
      const good = token({ by: ed25519 });
      const { d: _d, ...epk } = ephemerals.X25519;
      const inputs = { key: "x25519_ecdh_es", signer: { ...ed25519.jwk, alg: "EdDSA" }, now: NOW };
      const source = "RFC 7519 §5.2 and §11.2";
      const unexpected = error("TOKEN_HEADER_INVALID", '"cty" header is not the expected type');
      return [
        answers(
          "decryptAndVerify",
          "decrypts_and_verifies_a_nested_token",
          source,
          { ...inputs, token: nested(good, { cty: "JWT" }) },
          {
            outerHeader: { alg: "ECDH-ES", enc: "A256GCM", epk, cty: "JWT" },
            verified: { header: { alg: "EdDSA", typ: "JWT" }, claims: CLAIMS },
          },
        ),
        fails(
          "decryptAndVerify",
          "refuses_a_nested_token_without_cty",
          source,
          { ...inputs, token: nested(good, {}) },
          ctyMissing,
        ),
        ...Object.entries({ without: {}, with_null_as: { cty: null } }).map(([what, header]) =>
          answers(
            "decryptAndVerify",
            `decrypts_and_verifies_a_nested_token_${what}_cty_when_allowed`,
            "an option of ours, for issuers that leave it out",
            { ...inputs, options: { allowMissingCty: true }, token: nested(good, header) },
            {
              outerHeader: { alg: "ECDH-ES", enc: "A256GCM", epk, ...header },
              verified: { header: { alg: "EdDSA", typ: "JWT" }, claims: CLAIMS },
            },
          ),
        ),
        fails(
          "decryptAndVerify",
          "refuses_a_nested_token_of_another_cty_when_it_may_be_missing",
          source,
          { ...inputs, options: { allowMissingCty: true }, token: nested(good, { cty: "JWS" }) },
          unexpected,
        ),
        fails(
          "decryptAndVerify",
          "refuses_a_nested_token_of_another_cty",
          source,
          { ...inputs, token: nested(good, { cty: "JWS" }) },
          unexpected,
        ),
        fails(
          "decryptAndVerify",
          "refuses_a_nested_token_whose_signature_is_another_s",
          source,
          { ...inputs, token: nested(`${good.slice(0, -4)}AAAA`, { cty: "JWT" }) },
          error("TOKEN_SIGNATURE_INVALID", "signature does not match"),
        ),
        fails(
          "decryptAndVerify",
          "refuses_a_nested_token_that_has_expired",
          source,
          { ...inputs, now: NOW + 900, token: nested(good, { cty: "JWT" }) },
          expired,
        ),
        fails(
          "decryptAndVerify",
          "refuses_claims_that_were_encrypted_and_not_signed",
          "RFC 7519 §11.2",
          { ...inputs, token: nested(JSON.stringify(CLAIMS), { cty: "JWT" }) },
          error("TOKEN_MALFORMED", "token is not three segments separated by dots"),
        ),
        fails(
          "decryptAndVerify",
          "refuses_a_nested_token_that_is_not_text",
          source,
          { ...inputs, token: nested(Buffer.from([0xff, 0xfe]), { cty: "JWT" }) },
          error("TOKEN_MALFORMED", "content is not a token"),
        ),
        fails(
          "decryptAndVerify",
          "refuses_cty_as_an_option_of_a_nested_token",
          "it is always JWT",
          { ...inputs, options: { cty: "JWT" }, token: nested(good, { cty: "JWT" }) },
          option('option "cty" of a nested token must be "JWT"'),
        ),
      ];
    })(),
  ],
};
