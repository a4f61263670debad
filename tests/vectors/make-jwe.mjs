// Encrypted tokens from their parts, with node:crypto and the RFCs' own formulas: deterministic, and corrupted on demand.

import {
  constants,
  createCipheriv,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  pbkdf2Sync,
  publicEncrypt,
} from "node:crypto";
import { rsa7515Private } from "./make-keys-rfc.mjs";
import { base64url, bytesOf } from "./make-material.mjs";

/** What each content encryption is made of, in bytes. */
export const ENC = {
  A128GCM: { key: 16, iv: 12, tag: 16 },
  A192GCM: { key: 24, iv: 12, tag: 16 },
  A256GCM: { key: 32, iv: 12, tag: 16 },
  "A128CBC-HS256": { key: 32, iv: 16, tag: 16, cipher: "aes-128-cbc", digest: "sha256" },
  "A192CBC-HS384": { key: 48, iv: 16, tag: 24, cipher: "aes-192-cbc", digest: "sha384" },
  "A256CBC-HS512": { key: 64, iv: 16, tag: 32, cipher: "aes-256-cbc", digest: "sha512" },
};

/** RFC 7518 §5: ciphertext and tag. `pad` changes the padded plaintext of CBC before it is encrypted. */
export function seal(enc, key, iv, aad, plaintext, pad = (padded) => padded) {
  const { cipher, digest, tag } = ENC[enc];
  if (cipher === undefined) {
    const gcm = createCipheriv(`aes-${key.length * 8}-gcm`, key, iv);
    gcm.setAAD(aad);
    const ciphertext = Buffer.concat([gcm.update(plaintext), gcm.final()]);
    return { ciphertext, tag: gcm.getAuthTag() };
  }
  const [macKey, cipherKey] = [key.subarray(0, key.length / 2), key.subarray(key.length / 2)];
  const fill = 16 - (plaintext.length % 16);
  const padded = pad(Buffer.concat([plaintext, Buffer.alloc(fill, fill)]));
  const cbc = createCipheriv(cipher, cipherKey, iv).setAutoPadding(false);
  const ciphertext = Buffer.concat([cbc.update(padded), cbc.final()]);
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64BE(BigInt(aad.length * 8));
  const mac = createHmac(digest, macKey).update(aad).update(iv).update(ciphertext).update(bits).digest();
  return { ciphertext, tag: mac.subarray(0, tag) };
}

/** RFC 3394. */
export function wrap(kek, key) {
  const cipher = createCipheriv(`id-aes${kek.length * 8}-wrap`, kek, Buffer.alloc(8, 0xa6));
  return Buffer.concat([cipher.update(key), cipher.final()]);
}

/** RFC 7518 §4.6.2. */
export function concatKdf(shared, algorithm, length, apu = Buffer.alloc(0), apv = Buffer.alloc(0)) {
  const uint32 = (number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(number);
    return bytes;
  };
  const about = [Buffer.from(algorithm), apu, apv].flatMap((part) => [uint32(part.length), part]);
  const rounds = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash("sha256")
      .update(Buffer.concat([uint32(index + 1), shared, ...about, uint32(length * 8)]))
      .digest(),
  );
  return Buffer.concat(rounds).subarray(0, length);
}

/** RFC 8017 §7.1.1 with this digest, an empty label and a seed of our own; `block` changes what is then encrypted. */
export function rsaOaep(jwk, key, digest, block = (bytes) => bytes) {
  const hash = (data) => createHash(digest).update(data).digest();
  const label = hash("");
  const seed = bytesOf("seed", label.length);
  const publicKey = createPublicKey({ key: { kty: jwk.kty, n: jwk.n, e: jwk.e }, format: "jwk" });
  const size = Buffer.from(jwk.n, "base64url").length;
  const mask = (from, length) =>
    Buffer.concat(
      Array.from({ length: Math.ceil(length / label.length) }, (_, index) =>
        hash(Buffer.concat([from, Buffer.from([0, 0, 0, index])])),
      ),
    ).subarray(0, length);
  const xor = (left, right) => left.map((byte, index) => byte ^ right[index]);
  const data = Buffer.concat([label, Buffer.alloc(size - key.length - 2 * label.length - 2), Buffer.from([1]), key]);
  const masked = xor(data, mask(seed, data.length));
  const maskedSeed = xor(seed, mask(masked, label.length));
  const encoded = block(Buffer.concat([Buffer.alloc(1), maskedSeed, masked]));
  return publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, encoded);
}

const STRETCH = {
  "PBES2-HS256+A128KW": ["sha256", 16],
  "PBES2-HS384+A192KW": ["sha384", 24],
  "PBES2-HS512+A256KW": ["sha512", 32],
};
const WRAP = { "ECDH-ES+A128KW": 16, "ECDH-ES+A192KW": 24, "ECDH-ES+A256KW": 32 };
const OAEP = { "RSA-OAEP": "sha1", "RSA-OAEP-256": "sha256", "RSA-OAEP-384": "sha384", "RSA-OAEP-512": "sha512" };

const agree = (privateJwk, publicJwk) =>
  diffieHellman({
    privateKey: createPrivateKey({ key: privateJwk, format: "jwk" }),
    publicKey: createPublicKey({ key: publicJwk, format: "jwk" }),
  });

const publicPart = ({ kty, crv, x, y }) => (y === undefined ? { kty, crv, x } : { kty, crv, x, y });

/**
 * A token.
 * - `key`: `{ alg, secret | password | jwk }`, as `encryptionKeys` below; `enc`; `plaintext`;
 * - `ephemeral`: the private JWK of the sender, for ECDH-ES; `shared`: what is agreed on in place of the truth;
 * - `p2c`, `p2s`; `apu`, `apv`: bytes;
 * - `header`: members that replace those of the header (`undefined` takes one away); `headerText`: the whole of it;
 * - `compressed`: bytes that are encrypted in place of `plaintext`;
 * - `cek`, `iv`: in place of the usual ones; `oaep`, `pad`: change the padded blocks;
 * - `corrupt`: changes the five segments, as text, in place.
 */
export function jwe(parts) {
  const { key, enc = "A256GCM", plaintext = PLAINTEXT, apu, apv } = parts;
  const { alg } = key;
  const { cek = bytesOf(`cek ${enc}`, ENC[enc].key), iv = bytesOf("iv", ENC[enc].iv) } = parts;
  let header = { alg, enc };
  let encrypted = Buffer.alloc(0);
  let contentKey = cek;
  if (alg === "dir") {
    contentKey = parts.cek ?? key.secret;
  } else if (alg in STRETCH) {
    const { p2c = 1000, p2s = bytesOf("salt", 16) } = parts;
    const salt = Buffer.concat([Buffer.from(`${alg}\0`), p2s]);
    const [digest, length] = STRETCH[alg];
    header = { ...header, p2s: base64url(p2s), p2c };
    encrypted = wrap(pbkdf2Sync(key.password, salt, Number(p2c) || 1, length, digest), cek);
  } else if (alg.startsWith("ECDH-ES")) {
    const { ephemeral, shared = agree(ephemeral, publicPart(key.jwk)) } = parts;
    header = { ...header, epk: publicPart(ephemeral) };
    if (apu !== undefined) header.apu = base64url(apu);
    if (apv !== undefined) header.apv = base64url(apv);
    if (alg === "ECDH-ES") contentKey = concatKdf(shared, enc, ENC[enc].key, apu, apv);
    else encrypted = wrap(concatKdf(shared, alg, WRAP[alg], apu, apv), cek);
  } else if (alg in OAEP) {
    encrypted = rsaOaep(key.jwk, cek, OAEP[alg], parts.oaep);
  } else if (alg.endsWith("GCMKW")) {
    const { ciphertext, tag } = seal("A256GCM", key.secret, bytesOf("wrap iv", 12), Buffer.alloc(0), cek);
    header = { ...header, iv: base64url(bytesOf("wrap iv", 12)), tag: base64url(tag) };
    encrypted = ciphertext;
  } else {
    encrypted = wrap(key.secret, cek);
  }
  header = JSON.parse(JSON.stringify({ ...header, ...parts.header }));
  const text = parts.headerText === undefined ? JSON.stringify(header) : parts.headerText(header);
  const aad = base64url(text);
  const content = parts.compressed ?? Buffer.from(plaintext);
  const { ciphertext, tag } = seal(enc, contentKey, iv, Buffer.from(aad), content, parts.pad);
  const segments = [aad, ...[parts.encrypted ?? encrypted, iv, ciphertext, tag].map(base64url)];
  parts.corrupt?.(segments);
  return segments.join(".");
}

export const PLAINTEXT = "attack at dawn";

const p256 = {
  kty: "EC",
  crv: "P-256",
  x: "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
  y: "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
  d: "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw",
};

/** The pair of RFC 8037 A.6, whose private half RFC 7748 §6.1 has. */
const x25519 = {
  kty: "OKP",
  crv: "X25519",
  x: "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08",
  d: base64url(Buffer.from("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb", "hex")),
};

const p384 = {
  kty: "EC",
  crv: "P-384",
  x: "YU4rRUzdmVqmRtWOs2OpDE_T5fsNIodcG8G5FWPrTPMyxpzsSOGaQLpe2FpxBmu2",
  y: "A8-yxCHxkfBz3hKZfI1jUYMjUhsEveZ9THuwFjH2sCNdtksRJU7D5-SkgaFL1ETP",
  d: "iTx2pk7wW-GqJkHcEkFQb2EFyYcO7RugmaW3mRrQVAOUiPommT0IdnYK2xDlZh-j",
};

const p521 = ecPair("P-521", 7);

/** The pair of a private scalar that is a digest. */
function ecPair(crv, number) {
  const ecdh = createECDH("secp521r1");
  const scalar = Buffer.concat([Buffer.alloc(2), createHash("sha512").update(`${crv} ${number}`).digest()]);
  ecdh.setPrivateKey(scalar);
  const point = ecdh.getPublicKey();
  const size = (point.length - 1) / 2;
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)].map(base64url);
  return { kty: "EC", crv, x, y, d: base64url(scalar) };
}

/** Private JWKs by curve: of RFC 7518 appendix C (Bob), RFC 7520 §5.4 and RFC 8037 A.6, and one of our own. */
export const curves = { "P-256": p256, "P-384": p384, "P-521": p521, X25519: x25519 };

/** The sender's: of RFC 7518 appendix C (Alice), RFC 7520 §5.4 and RFC 8037 A.6, and one of our own. */
export const ephemerals = {
  "P-521": ecPair("P-521", 8),
  "P-256": {
    kty: "EC",
    crv: "P-256",
    x: "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0",
    y: "SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps",
    d: "0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo",
  },
  "P-384": {
    kty: "EC",
    crv: "P-384",
    x: "uBo4kHPw6kbjx5l0xowrd_oYzBmaz-GKFZu4xAFFkbYiWgutEK6iuEDsQ6wNdNg3",
    y: "sp3p5SGhZVC2faXumI-e9JU2Mo8KpoYrFDr5yPNVtW4PgEwZOyQTA-JdaY8tb7E0",
    d: "D5H4Y_5PSKZvhfVFbcCYJOtcGZygRgfZkpsBr59Icmmhe9sW6nkZ8WfwhinUfWJg",
  },
  X25519: {
    kty: "OKP",
    crv: "X25519",
    x: "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo",
    d: base64url(Buffer.from("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a", "hex")),
  },
};

const secretKey = (alg, length, more = {}) => {
  const secret = bytesOf(`${alg} ${more.enc ?? ""}`, length);
  return { alg, secret, spec: { secret: base64url(secret), alg, ...more } };
};

/** Keys by a name that a vector file's `keys` may give them: `spec` is its form in a vector. */
export const encryptionKeys = {
  a128kw: secretKey("A128KW", 16),
  a192kw: secretKey("A192KW", 24),
  a256kw: secretKey("A256KW", 32),
  a128gcmkw: secretKey("A128GCMKW", 16),
  a192gcmkw: secretKey("A192GCMKW", 24),
  a256gcmkw: secretKey("A256GCMKW", 32),
  ...Object.fromEntries(
    Object.entries(ENC).map(([enc, { key }]) => [
      `dir_${enc.toLowerCase().replaceAll("-", "_")}`,
      secretKey("dir", key, { enc }),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(curves).flatMap(([crv, jwk]) =>
      ["ECDH-ES", ...Object.keys(WRAP)].map((alg) => [
        `${crv}_${alg}`.toLowerCase().replaceAll(/[-+]/g, "_"),
        { alg, jwk, spec: { jwk, alg } },
      ]),
    ),
  ),
  ...Object.fromEntries(
    Object.keys(STRETCH).map((alg) => [
      alg.toLowerCase().replaceAll(/[-+]/g, "_"),
      { alg, password: Buffer.from("correct horse"), spec: { password: "correct horse", alg, iterations: 1000 } },
    ]),
  ),
};

/** The pair of RFC 7515 A.2.1, by its exponents alone. */
export const rsa = { kty: "RSA", n: rsa7515Private.n, e: rsa7515Private.e, d: rsa7515Private.d };
for (const alg of Object.keys(OAEP)) {
  encryptionKeys[alg.toLowerCase().replaceAll("-", "_")] = { alg, jwk: rsa, spec: { jwk: rsa, alg } };
}
