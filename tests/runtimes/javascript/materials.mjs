// The fixed keys, times and texts of the JavaScript cases.

/** 64 bytes, enough for every HMAC. */
export const secret = Uint8Array.from({ length: 64 }, (_, index) => (index * 37 + 11) % 256);

/** The same in base64url. */
export const secretText = btoa(String.fromCharCode(...secret))
  .replaceAll("+", "-")
  .replaceAll("/", "_")
  .replaceAll("=", "");

/** The private key of RFC 8037 appendix A, and its public half. */
export const ed25519Jwk = {
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
};

/** The keys of RFC 7515 A.3 and A.4, and one on P-384. */
export const ecJwks = {
  ES256: {
    kty: "EC",
    crv: "P-256",
    x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    d: "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
  },
  ES384: {
    kty: "EC",
    crv: "P-384",
    x: "2ecANxhjBw9giQrtwxzGNimh2QeknizWynB93rOSiAEF0rXVeK3Tf9zoWgJIswMF",
    y: "oOPcvFv23JZmPOaXrRQmWKVC50FO4jSmwBOeY8s2j7p1IW1nWjusu3xvcxcR5zEm",
    d: "933HP3uDhL8FgXO15RoMNEQRN_u5Kd9jJZGZW9L647Sgr1fSj6r7S8p_uB2MZG42",
  },
  ES512: {
    kty: "EC",
    crv: "P-521",
    x: "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
    y: "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",
    d: "AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C",
  },
};

/** The key of RFC 7515 A.2. */
export const rsaJwk = {
  kty: "RSA",
  n:
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-" +
    "pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2Ca" +
    "pHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb5" +
    "4h4FRWyuXpoQ",
  e: "AQAB",
  d:
    "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-" +
    "pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjud" +
    "U2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1" +
    "DhOVRuOopznQ",
  p:
    "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KK" +
    "DcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",
  q:
    "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_Hl" +
    "B-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",
  dp:
    "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAk" +
    "tV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",
  dq:
    "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz" +
    "3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",
  qi:
    "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJt" +
    "oOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U",
};

/** An arbitrary second. */
export const seconds = 1_800_000_000;
export const now = new Date(seconds * 1000);

/** The algorithms whose keys are made in no time. */
export const quickAlgorithms = ["HS256", "HS384", "HS512", "EdDSA", "Ed25519", "ES256", "ES384", "ES512"];

/** Those of RSA, whose keys take seconds. */
export const rsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

/** The algorithms of the package, and the `alg` that a key of each reports. */
export const algorithms = [...quickAlgorithms, ...rsaAlgorithms];

/** An HMAC key. */
export const hmacKey = ({ Key }, options = {}) => Key.fromSecret(secret, { alg: "HS256", ...options });

/** An Ed25519 key with both halves. */
export const ed25519Key = ({ Key }, options = {}) => Key.fromJwk(ed25519Jwk, { alg: "EdDSA", ...options });

/** A key of any algorithm, made from fixed material. */
export function keyFor(countersign, alg) {
  if (alg.startsWith("HS")) return hmacKey(countersign, { alg });
  if (alg.startsWith("Ed")) return ed25519Key(countersign, { alg });
  return countersign.Key.fromJwk(alg.startsWith("ES") ? ecJwks[alg] : rsaJwk, { alg });
}

/** A token of `hmacKey` that is good at `now`. */
export const goodToken = (countersign, claims = { sub: "alice" }) =>
  countersign.sign(claims, hmacKey(countersign), { now });

/** The least work a policy may ask for, so that cases about other things are quick. */
export const quick = { params: { memoryKib: 8, passes: 1, lanes: 1 } };

/** Values that are no string, by what they are. */
export const nonStrings = [
  ["undefined", undefined],
  ["null", null],
  ["a_number", 42],
  ["a_bigint", 42n],
  ["a_boolean", true],
  ["a_symbol", Symbol("text")],
  ["a_function", () => "text"],
  ["an_array_of_a_string", ["text"]],
  ["an_object_with_toString", { toString: () => "text" }],
  ["a_String_object", Object("text")],
  ["bytes", new Uint8Array([116, 101, 120, 116])],
];

/** Values that are no object with members, by what they are. */
export const nonObjects = [
  ["null", null],
  ["a_string", "text"],
  ["a_number", 42],
  ["a_bigint", 42n],
  ["a_boolean", true],
  ["a_symbol", Symbol("text")],
  ["an_array", []],
];

/** A proxy of which nothing can be learned, not even whether it is an array. */
export function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}
