import { certificate, der, octetString, pem, sequence } from "./make-asn1.mjs";
import {
  cutPem,
  isCertificate,
  isEncrypted,
  isPkcs7,
  isPutty,
  isRequest,
  isRfc4716,
  labelsDiffer,
  noPem,
  notPkcs8,
  notSpki,
  oldEncryption,
  openSshPem,
  openSshPublic,
  otherPem,
  pemNotBase64,
  severalPems,
} from "./make-errors.mjs";
import { PKCS8, PKCS8_V2, pemKey, privateKey, publicKey, publicPem, refuses, SPKI, takes } from "./make-import-key.mjs";
import { bytesOf, ed25519 } from "./make-material.mjs";

const { publicBytes } = ed25519;

const pkcs8Rule = "RFC 5958 §2, RFC 8410 §7";
const pemRule = "RFC 7468 §2";
const environment = "countersign: a PEM as environment variables, JSON and .env files hold it";
const kinds = "RFC 8725 §3.1: a key of another kind";

const privatePem = pem("PRIVATE KEY", PKCS8);

/** A PBES2 shell around nothing: only its form is looked at. */
const encrypted = sequence(
  sequence(der(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d]), sequence(sequence(), sequence())),
  octetString(bytesOf("encrypted", 64)),
);

export default {
  description: "Ed25519 keys as PKCS#8 and SPKI in PEM.",
  cases: [
    takes("a_public_pem", pemRule, pemKey(publicPem), publicKey),
    takes("a_private_pem", pemRule, pemKey(privatePem), privateKey),
    takes("a_private_pem_with_its_public_key", pkcs8Rule, pemKey(pem("PRIVATE KEY", PKCS8_V2)), privateKey),
    takes("a_pem_with_windows_lines", pemRule, pemKey(privatePem.replaceAll("\n", "\r\n")), privateKey),
    takes("a_pem_with_blanks_at_the_ends_of_lines", pemRule, pemKey(privatePem.replaceAll("\n", " \n")), privateKey),
    takes("a_pem_with_blanks_in_place_of_lines", pemRule, pemKey(privatePem.trim().replaceAll("\n", " ")), privateKey),
    takes("a_pem_without_its_last_line_feed", pemRule, pemKey(publicPem.trimEnd()), publicKey),
    takes("a_pem_with_empty_lines_after_it", pemRule, pemKey(`${publicPem}\n\n`), publicKey),
    takes("a_pem_with_empty_lines_before_it", pemRule, pemKey(`\n\n${publicPem}`), publicKey),
    takes(
      "a_pem_with_text_before_it",
      `${pemRule}: text before the block`,
      pemKey(`Subject: the login's key\n${publicPem}`),
      publicKey,
    ),
    takes("a_pem_with_a_kid", "RFC 7515 §4.1.4", pemKey(publicPem, { kid: "k1" }), { ...publicKey, kid: "k1" }),
    refuses(
      "two_pem_blocks",
      "countersign: two blocks leave open which is meant",
      pemKey(publicPem + publicPem),
      severalPems,
    ),
    refuses(
      "a_private_and_a_public_pem_block",
      "countersign: two blocks leave open which is meant",
      pemKey(privatePem + publicPem),
      severalPems,
    ),
    refuses("an_empty_pem", pemRule, pemKey(""), noPem),
    refuses("text_that_is_no_pem", pemRule, pemKey("not a key"), noPem),
    refuses("the_base64_of_a_pem_without_its_lines", pemRule, pemKey(SPKI.toString("base64")), noPem),
    refuses("a_jwk_as_a_pem", pemRule, pemKey(JSON.stringify(ed25519.jwk)), noPem),
    refuses("a_pem_without_its_end", pemRule, pemKey(publicPem.slice(0, publicPem.indexOf("-----END"))), cutPem),
    refuses("a_pem_cut_in_its_first_line", pemRule, pemKey(publicPem.slice(0, 20)), cutPem),
    refuses("a_pem_cut_in_its_last_line", pemRule, pemKey(publicPem.trimEnd().slice(0, -1)), cutPem),
    refuses("a_pem_without_content", pemRule, pemKey(publicPem.replace(/\n[^-]+\n/, "\n")), pemNotBase64),
    refuses("a_pem_whose_labels_differ", pemRule, pemKey(publicPem.replace("END PUBLIC", "END PRIVATE")), labelsDiffer),
    refuses("a_pem_with_a_letter_outside_base64", pemRule, pemKey(publicPem.replace("\nMC", "\nM*")), pemNotBase64),
    ...Object.entries({
      line_feeds_written_out: "\\n",
      windows_lines_written_out: "\\r\\n",
      line_feeds_written_out_twice: "\\\\n",
      line_feeds_written_out_and_as_they_are: "\\n\n",
      nothing_in_place_of_lines: "",
    }).flatMap(([name, lineBreak]) => [
      takes(`a_private_pem_with_${name}`, environment, pemKey(privatePem.replaceAll("\n", lineBreak)), privateKey),
      takes(`a_public_pem_with_${name}`, environment, pemKey(publicPem.replaceAll("\n", lineBreak)), publicKey),
    ]),
    ...Object.entries({
      backslashes: "\\",
      tabs_written_out: "\\t",
      line_feeds_written_out_as_unicode: "\\u000a",
    }).map(([name, lineBreak]) =>
      refuses(
        `a_pem_with_${name}_in_place_of_lines`,
        environment,
        pemKey(privatePem.replaceAll("\n", lineBreak)),
        pemNotBase64,
      ),
    ),
    ...["base64", "base64url"].map((encoding) =>
      takes(`a_pem_in_${encoding}`, environment, pemKey(Buffer.from(privatePem).toString(encoding)), privateKey),
    ),
    takes(
      "a_pem_in_base64_with_lines",
      `${environment}; base64 writes lines of 76 letters`,
      pemKey(`${Buffer.from(privatePem).toString("base64").replace(/.{76}/g, "$&\n")}\n`),
      privateKey,
    ),
    takes("a_pem_behind_a_byte_order_mark", environment, pemKey(`\ufeff${publicPem}`), publicKey),
    refuses(
      "a_pem_in_base64_twice",
      "countersign: one encoding has one meaning",
      pemKey(Buffer.from(Buffer.from(privatePem).toString("base64")).toString("base64")),
      noPem,
    ),
    refuses(
      "two_pem_blocks_in_base64",
      "countersign: two blocks leave open which is meant",
      pemKey(Buffer.from(publicPem + publicPem).toString("base64")),
      severalPems,
    ),
    ...[
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGVk",
      "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB",
      "ecdsa-sha2-nistp256 AAAAE2Vj",
    ].map((text) =>
      refuses(
        `an_openssh_public_key_of_${text.split(" ")[0].replaceAll("-", "_")}`,
        kinds,
        pemKey(`${text} alice\n`),
        openSshPublic,
      ),
    ),
    refuses(
      "a_pem_with_loose_bits",
      "RFC 4648 §3.5",
      pemKey(publicPem.replace(/.(?==\n-----END)/, looser)),
      pemNotBase64,
    ),
    refuses(
      "a_pem_with_headers",
      "RFC 7468 §2: no RFC 1421 headers",
      pemKey(publicPem.replace("-----\n", "-----\nComment: a key\n\n")),
      pemNotBase64,
    ),
    refuses(
      "a_pem_encrypted_in_the_old_form",
      "RFC 1421 §4.6.1.1: its key comes from one round of MD5",
      pemKey(
        privatePem.replace("-----\n", "-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF\n\n"),
      ),
      oldEncryption,
    ),
    refuses(
      "a_pem_with_a_der_byte_too_many",
      "X.690 §8.1",
      pemKey(pem("PUBLIC KEY", Buffer.concat([SPKI, Buffer.alloc(1)]))),
      notSpki,
    ),
    refuses("an_spki_document_labelled_private", "RFC 7468 §10", pemKey(pem("PRIVATE KEY", SPKI)), notPkcs8),
    refuses("a_pkcs8_document_labelled_public", "RFC 7468 §13", pemKey(pem("PUBLIC KEY", PKCS8)), notSpki),
    refuses("an_encrypted_private_pem", "RFC 7468 §11", pemKey(pem("ENCRYPTED PRIVATE KEY", encrypted)), isEncrypted),
    refuses(
      "a_certificate_as_pem",
      "RFC 7468 §5",
      pemKey(pem("CERTIFICATE", certificate(publicBytes, ed25519.sign))),
      isCertificate,
    ),
    refuses(
      "an_openssh_private_key_as_pem",
      kinds,
      pemKey(pem("OPENSSH PRIVATE KEY", Buffer.from("openssh-key-v1\0"))),
      openSshPem,
    ),
    ...Object.entries({
      PKCS7: isPkcs7,
      "CERTIFICATE REQUEST": isRequest,
      "NEW CERTIFICATE REQUEST": isRequest,
      "X509 CRL": otherPem,
    }).map(([label, fault]) =>
      refuses(
        `a_pem_of_a_${label.toLowerCase().replaceAll(" ", "_")}`,
        kinds,
        pemKey(pem(label, Buffer.from("3000", "hex"))),
        fault,
      ),
    ),
    refuses("a_putty_key", kinds, pemKey("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n"), isPutty),
    refuses(
      "a_public_key_of_rfc_4716",
      "RFC 4716 §3.2",
      pemKey("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----\n"),
      isRfc4716,
    ),
    refuses("a_pem_label_in_lower_case", pemRule, pemKey(publicPem.replaceAll("PUBLIC KEY", "public key")), otherPem),
  ],
};

/** The next letter of the alphabet: bits that stand for nothing are set. */
function looser(letter) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return alphabet[alphabet.indexOf(letter) + 1];
}
