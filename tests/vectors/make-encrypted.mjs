// Encrypted PKCS#8 by hand (RFC 5958 §3, RFC 8018), with salts and vectors that belong to labels, so that it is the same
// each time, and can be written wrongly.

import { createCipheriv, pbkdf2Sync } from "node:crypto";
import { der, integer, NULL, octetString, sequence } from "./make-asn1.mjs";
import { bytesOf } from "./make-material.mjs";
import { octets } from "./make-rsa.mjs";

const pkcs5 = (last) => der(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, last]);
const hmac = (last) => der(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, last]);
const aes = (last) => der(0x06, [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, last]);

const PRF = { sha1: hmac(7), sha224: hmac(8), sha256: hmac(9), sha384: hmac(10), sha512: hmac(11) };
const CIPHERS = {
  "aes-128-cbc": [16, aes(2), 16],
  "aes-192-cbc": [24, aes(22), 16],
  "aes-256-cbc": [32, aes(42), 16],
  "des-ede3-cbc": [24, der(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07]), 8],
};

/** EncryptedPrivateKeyInfo by PBES2. `statedRounds` and `keyLength` may say otherwise than what was done. */
export function pbes2(document, passphrase, options = {}) {
  const { prf = "sha256", cipher = "aes-256-cbc", rounds = 1000, statedRounds = rounds, keyLength, change } = options;
  const { statedPrf = prf === "sha1" ? undefined : prf } = options;
  const [size, oid, block] = CIPHERS[cipher];
  const [salt, iv] = [bytesOf("salt", 16), bytesOf("iv", block)];
  const key = pbkdf2Sync(passphrase, salt, Math.max(rounds, 1), size, prf);
  const encryptor = createCipheriv(cipher, key, iv);
  const data = Buffer.concat([encryptor.update(document), encryptor.final()]);
  const kdf = sequence(
    pkcs5(12),
    sequence(
      octetString(salt),
      integer(octets(BigInt(statedRounds))),
      ...(keyLength === undefined ? [] : [integer(Buffer.from([keyLength]))]),
      // HMAC-SHA-1 is the default, which DER leaves out.
      ...(statedPrf === undefined ? [] : [sequence(PRF[statedPrf], NULL)]),
    ),
  );
  const scheme = sequence(pkcs5(13), sequence(kdf, sequence(oid, octetString(iv))));
  return sequence(scheme, octetString(change ? change(data) : data));
}

/** One by PBES1 with MD5 and DES, of which only the form is looked at. */
export const pbes1 = sequence(
  sequence(pkcs5(3), sequence(octetString(bytesOf("salt", 8)), integer(Buffer.from([8])))),
  octetString(bytesOf("encrypted", 64)),
);
