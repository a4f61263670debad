// Files of other keys given as a secret: PEM, JWK, DER and OpenSSH, with and without junk around them.

import { certificate, integer, NULL, OID, pem, pkcs8, sequence, spki } from "./make-asn1.mjs";
import { answers, fails } from "./make-compact.mjs";
import { secretLooksLikeKey } from "./make-errors.mjs";
import { p256of7515, rsa7515 } from "./make-keys-rfc.mjs";
import { base64url, bytesOf, ed25519 } from "./make-material.mjs";

const asSecret = "CVE-2022-29217, CVE-2024-33663, CVE-2023-48223, CVE-2026-34950: a key's file as a secret";

const secretSpec = (bytes, more = {}) => ({ key: { secret: base64url(bytes), alg: "HS256", ...more } });
const textSpec = (secretText, more = {}) => ({ key: { secretText, alg: "HS256", ...more } });

const { publicBytes, seed, jwk, privateJwk } = ed25519;
const rsaPublic = sequence(integer(Buffer.from(rsa7515.n, "base64url")), integer(Buffer.from(rsa7515.e, "base64url")));
const p256Point = Buffer.concat([
  Buffer.from([4]),
  ...[p256of7515.x, p256of7515.y].map((part) => Buffer.from(part, "base64url")),
]);
const DER = {
  an_ed25519_public_key: spki(publicBytes),
  an_ed25519_private_key: pkcs8(seed),
  an_ed25519_private_key_with_its_public_one: pkcs8(seed, { publicKey: publicBytes }),
  an_rsa_public_key: spki(rsaPublic, sequence(OID.rsa, NULL)),
  an_rsa_public_key_in_pkcs1: rsaPublic,
  an_ec_public_key: spki(p256Point, sequence(OID.ecPublicKey, OID.p256)),
  a_certificate: certificate(publicBytes, ed25519.sign),
};

const publicPem = pem("PUBLIC KEY", DER.an_ed25519_public_key);
const PEM = {
  a_public_key: publicPem,
  a_private_key: pem("PRIVATE KEY", DER.an_ed25519_private_key),
  a_pkcs1_public_key: pem("RSA PUBLIC KEY", rsaPublic),
  an_rsa_private_key: pem("RSA PRIVATE KEY", rsaPublic),
  an_ec_private_key: pem("EC PRIVATE KEY", p256Point),
  an_encrypted_private_key: pem("ENCRYPTED PRIVATE KEY", DER.an_ed25519_private_key),
  a_certificate: pem("CERTIFICATE", DER.a_certificate),
  an_openssh_private_key: pem("OPENSSH PRIVATE KEY", Buffer.from("openssh-key-v1\0")),
  an_ssh2_public_key: "---- BEGIN SSH2 PUBLIC KEY ----\nAAAAC3NzaC1lZDI1NTE5\n---- END SSH2 PUBLIC KEY ----\n",
  windows_lines: publicPem.replaceAll("\n", "\r\n"),
  no_last_line_feed: publicPem.trimEnd(),
  a_line_feed_before_it: `\n${publicPem}`,
  spaces_before_it: `   ${publicPem}`,
  words_before_it: `my key: ${publicPem}`,
  a_byte_order_mark_before_it: `\ufeff${publicPem}`,
  a_no_break_space_before_it: `\u00a0${publicPem}`,
  a_nul_before_it: `\0${publicPem}`,
  no_end_line: publicPem.slice(0, publicPem.indexOf("-----END")),
  its_lines_joined: publicPem.replaceAll("\n", ""),
  its_line_feeds_escaped: publicPem.replaceAll("\n", "\\n"),
  percent_encoding: encodeURIComponent(publicPem),
  base64: Buffer.from(publicPem).toString("base64"),
  base64_in_base64: Buffer.from(Buffer.from(publicPem).toString("base64")).toString("base64"),
  base64_in_a_data_url: `data:application/x-pem-file;base64,${Buffer.from(publicPem).toString("base64")}`,
  percent_encoding_in_a_data_url: `data:,${encodeURIComponent(publicPem)}`,
  hexadecimal: Buffer.from(publicPem).toString("hex"),
};

const spkiOfEd25519 = DER.an_ed25519_public_key;
const DER_TEXT = {
  in_base64: spkiOfEd25519.toString("base64"),
  in_base64_as_a_json_string: JSON.stringify(spkiOfEd25519.toString("base64")),
  in_base64url: base64url(spkiOfEd25519),
  in_a_data_url: `data:application/octet-stream;base64,${spkiOfEd25519.toString("base64")}`,
  in_hexadecimal: spkiOfEd25519.toString("hex"),
  in_capital_hexadecimal: spkiOfEd25519.toString("hex").toUpperCase(),
  in_hexadecimal_with_colons: spkiOfEd25519.toString("hex").replaceAll(/(..)(?=.)/g, "$1:"),
  of_rsa_in_hexadecimal: DER.an_rsa_public_key.toString("hex"),
};

const jwkText = JSON.stringify(jwk);
const JWK = {
  a_jwk: jwkText,
  a_private_jwk: JSON.stringify(privateJwk),
  an_rsa_jwk: JSON.stringify(rsa7515),
  an_ec_jwk: JSON.stringify(p256of7515),
  a_secret_jwk: JSON.stringify({ kty: "oct", k: base64url(bytesOf("hs256", 32)) }),
  a_jwk_with_white_space: JSON.stringify(jwk, null, 2),
  a_jwk_after_white_space: ` \n${jwkText}`,
  a_jwk_after_a_byte_order_mark: `\ufeff${jwkText}`,
  a_jwk_whose_kty_is_escaped: jwkText.replace('"kty"', '"\\u006bty"'),
  a_jwk_whose_names_are_escaped: jwkText.replace("kty", "k\\u0074y").replace("crv", "cr\\u0076"),
  a_jwk_written_twice: JSON.stringify(jwkText),
  a_jwk_written_three_times: JSON.stringify(JSON.stringify(jwkText)),
  a_jwk_in_percent_encoding: encodeURIComponent(jwkText),
  a_jwk_in_percent_encoding_twice: encodeURIComponent(encodeURIComponent(jwkText)),
  a_jwk_in_base64: base64url(jwkText),
  a_jwk_in_hexadecimal: Buffer.from(jwkText).toString("hex"),
  a_jwk_as_a_literal_of_python: jwkText.replaceAll('"', "'"),
  a_jwk_as_a_literal_of_javascript: jwkText.replaceAll(/"(\w+)":/g, "$1: "),
  a_jwks: JSON.stringify({ keys: [jwk] }),
  an_empty_jwks_with_a_name: '{"keys":[],"issuer":"https://login.example"}',
  a_jwk_inside_an_object: JSON.stringify({ publicKey: jwk }),
  a_jwk_inside_an_array: JSON.stringify([jwk]),
};

const SSH = {
  an_ed25519_line: `ssh-ed25519 ${base64url(bytesOf("ssh", 51))} alice@laptop`,
  an_rsa_line: `ssh-rsa ${base64url(bytesOf("ssh", 60))}`,
  a_dss_line: `ssh-dss ${base64url(bytesOf("ssh", 60))}`,
  an_ecdsa_line: `ecdsa-sha2-nistp256 ${base64url(bytesOf("ssh", 60))}`,
  a_hardware_key_line: `sk-ssh-ed25519@openssh.com ${base64url(bytesOf("ssh", 60))}`,
  a_hardware_ecdsa_line: `sk-ecdsa-sha2-nistp256@openssh.com ${base64url(bytesOf("ssh", 60))}`,
  a_line_with_options: `restrict,pty ssh-ed25519 ${base64url(bytesOf("ssh", 51))}`,
};

const random = bytesOf("a random secret", 48);
const SECRETS = {
  in_base64: random.toString("base64"),
  in_base64url: base64url(random),
  in_base64_in_base64: Buffer.from(random.toString("base64")).toString("base64"),
  in_hexadecimal: random.toString("hex"),
  in_hexadecimal_with_colons: random.toString("hex").replaceAll(/(..)(?=.)/g, "$1:"),
  as_a_json_string: JSON.stringify(random.toString("base64")),
  in_percent_encoding: encodeURIComponent(random.toString("base64")),
  of_words_and_signs: "50% off, \\ and 'quoted' {keys} for kty: \"crv\u00b7\" 100%",
  of_zeros: "0".repeat(64),
};

const refusedTexts = Object.entries({
  pem_of: PEM,
  der_of_a_public_key: DER_TEXT,
  json_of: JWK,
  openssh_of: SSH,
}).flatMap(([kind, texts]) =>
  Object.entries(texts).flatMap(([name, text]) => [
    fails("importKey", `refuses_as_secret_text_the_${kind}_${name}`, asSecret, textSpec(text), secretLooksLikeKey),
    fails(
      "importKey",
      `refuses_as_secret_bytes_the_${kind}_${name}`,
      asSecret,
      secretSpec(Buffer.from(text)),
      secretLooksLikeKey,
    ),
  ]),
);

export default {
  description: "Keys' files that are refused as HMAC secrets.",
  cases: [
    ...refusedTexts,
    ...Object.entries(SECRETS).map(([name, text]) =>
      answers(
        "importKey",
        `imports_as_secret_text_${name}`,
        "countersign: random secrets in every usual spelling",
        textSpec(text),
        { alg: "HS256", kid: null, type: "secret" },
      ),
    ),
    fails(
      "importKey",
      "refuses_as_secret_bytes_a_pem_in_utf_16",
      asSecret,
      secretSpec(Buffer.from(publicPem, "utf16le")),
      secretLooksLikeKey,
    ),
    ...Object.entries(DER).map(([name, bytes]) =>
      fails("importKey", `refuses_as_secret_bytes_the_der_of_${name}`, asSecret, secretSpec(bytes), secretLooksLikeKey),
    ),
    fails(
      "importKey",
      "refuses_as_secret_the_der_of_a_public_key_even_when_short_ones_are_allowed",
      asSecret,
      secretSpec(DER.an_ed25519_public_key, {
        allowShort: true,
      }),
      secretLooksLikeKey,
    ),
    fails(
      "importKey",
      "refuses_in_a_jwk_a_secret_that_is_a_pem",
      "GHSA-g3jj-5cmm-3hxx",
      {
        key: { jwk: { kty: "oct", k: base64url(publicPem), alg: "HS256" } },
      },
      secretLooksLikeKey,
    ),
    fails(
      "importKey",
      "refuses_in_a_jwk_a_secret_that_is_a_jwk",
      "GHSA-g3jj-5cmm-3hxx",
      {
        key: { jwk: { kty: "oct", k: base64url(jwkText), alg: "HS256" } },
      },
      secretLooksLikeKey,
    ),
  ],
};
