// DER and PEM by hand, so that they can also be written wrongly.

/** A DER element: tag, length, contents. */
export function der(tag, ...contents) {
  const body = Buffer.concat(contents.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length) {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}

export const sequence = (...contents) => der(0x30, ...contents);
export const integer = (bytes) => der(0x02, bytes[0] & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
export const bitString = (bytes, unused = 0) => der(0x03, Buffer.from([unused]), bytes);
export const octetString = (bytes) => der(0x04, bytes);
export const NULL = der(0x05);

export const OID = {
  ed25519: der(0x06, [0x2b, 0x65, 0x70]),
  x25519: der(0x06, [0x2b, 0x65, 0x6e]),
  ed448: der(0x06, [0x2b, 0x65, 0x71]),
  ecPublicKey: der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]),
  p256: der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]),
  p384: der(0x06, [0x2b, 0x81, 0x04, 0x00, 0x22]),
  p521: der(0x06, [0x2b, 0x81, 0x04, 0x00, 0x23]),
  secp256k1: der(0x06, [0x2b, 0x81, 0x04, 0x00, 0x0a]),
  primeField: der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x01, 0x01]),
  rsaPss: der(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a]),
  rsa: der(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]),
  commonName: der(0x06, [0x55, 0x04, 0x03]),
};

/** SubjectPublicKeyInfo (RFC 8410 §4). */
export const spki = (bytes, algorithm = sequence(OID.ed25519)) => sequence(algorithm, bitString(bytes));

/** PKCS#8 (RFC 5958): version 0, or version 1 with the public key in [1]. */
export function pkcs8(seed, { inner = octetString(seed), publicKey, version, algorithm, attributes } = {}) {
  const parts = [
    integer(Buffer.from([version ?? (publicKey ? 1 : 0)])),
    algorithm ?? sequence(OID.ed25519),
    octetString(inner),
    ...(attributes ? [der(0xa0, attributes)] : []),
    ...(publicKey ? [der(0x81, [0], publicKey)] : []),
  ];
  return sequence(...parts);
}

/** A self-signed X.509 certificate, as small as one can be (RFC 5280). */
export function certificate(publicKey, sign, { key = spki(publicKey) } = {}) {
  const algorithm = sequence(OID.ed25519);
  const name = sequence(der(0x31, sequence(OID.commonName, der(0x0c, Buffer.from("test")))));
  const time = (text) => der(0x17, Buffer.from(text));
  const tbs = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from([1])),
    algorithm,
    name,
    sequence(time("260101000000Z"), time("360101000000Z")),
    name,
    key,
  );
  return sequence(tbs, algorithm, bitString(sign(tbs)));
}

/** RFC 7468 text: label, base64 in lines of 64, final line feed. */
export function pem(label, bytes, { lineEnd = "\n", width = 64 } = {}) {
  const lines = bytes.toString("base64").match(new RegExp(`.{1,${width}}`, "g")) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join(lineEnd);
}
