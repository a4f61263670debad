// What people paste, and what is said of it. The command line and the workbench say the same.

import { EncryptionKey, encrypt, signAndEncrypt } from "countersign/jwe";
import { Key, Signer, sign } from "countersign/jwt";
import { makeKeyPair } from "../interop/key-pair.mjs";

const key = Key.generate("ES256").withKid("one");
const reader = EncryptionKey.generate("ECDH-ES+A256KW");
const claims = { iss: "https://login.example", aud: "api", sub: "alice", exp: 4_000_000_000 };
const token = sign(claims, key, { expiresIn: null });
const another = sign({ ...claims, nonce: "n" }, key, { expiresIn: null });
const encryptedToken = encrypt(new TextEncoder().encode("x"), reader);
const pem = key.toPem();
const privatePem = key.toPem({ private: true });
const jwk = JSON.stringify(key.toJwk());
const rsa = makeKeyPair("rsa", { modulusLength: 2048 });
const rsaBase64 = rsa.publicKey.export({ type: "spki", format: "der" }).toString("base64");
const rsaPem = rsa.publicKey.export({ type: "spki", format: "pem" });
const sec1 = makeKeyPair("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" });
const pss = { modulusLength: 2048, hashAlgorithm: "sha384", mgf1HashAlgorithm: "sha384", saltLength: 48 };
const pkcs8 = { type: "pkcs8", format: "pem" };
const rsaPss = makeKeyPair("rsa-pss", { modulusLength: 2048 }).privateKey.export(pkcs8);
const rsaPss384 = makeKeyPair("rsa-pss", pss).privateKey.export(pkcs8);
const fiveHyphens = (word) =>
  new RegExp(
    `: PEM is not well-formed: a line should be "-----${word} PUBLIC KEY-----", with five hyphens on both sides\\.?$`,
  );
const JWKS_URL = "https://login.example/.well-known/jwks.json";

/** A private key and its certificate, by openssl pkcs12 and by keytool, with the password "changeit". */
const PKCS12 =
  "MIIDhgIBAzCCAzwGCSqGSIb3DQEHAaCCAy0EggMpMIIDJTCCAjIGCSqGSIb3DQEHBqCCAiMwggIfAgEAMIICGAYJKoZIhvcNAQcBMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiwc6TueQ+aoAICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEP1Gfcbfzuow7nqh9B1gkkGAggGw4Oyoj2fXE1MQcEHXD/71FIiO6mtn4eVEypPiwUBYnKq/YXefSTp972tw86BMJAcDOGkXGVB6BIFVCooBTc14m3aCYfCU86xbzvB2VV0FjnKf7PewzANgbTohrdcvXiCB4hiy9SXhND7HA1AGUCRqx/SRYe4eW0WXHmK86qb0E9QWF6KmBC86Qj0+Mc1tu7OG5pT57cuqv26OX76AaK9ktRDsMmgimjng6XroEzVijMlFlWryDqqRaZ/zS60I5Zb7ER2HeJTqqeGj4nYxlLcE5Wsmbz95WR1zuuzzRdRpTdWyXmzL/2PuRdb9XrAmVywRO5ihFNmxXqt85NY3zTowo0TtBLnBUfgaiLsbyIyNTqOeGZVbzz/mmTzd/AlqGyvwmhMlYdaaSEu5hrBdVWs4jO9vQvr0LnaA7Lz49cD0F0C6E/BfE2zqs/uWuzaoOhatYsimHaaaGpE5XUkYAlQvyK7IhKYF+lNJMG/YpWrbx1CoYJdH0eaVndon5RNpYO1EYNcPByPYnkJDhbdyh3cv6kHeAOksFGBOUHOO9yePHQX8xmIKlnm1Yr1Cu/tIDiYnMIHsBgkqhkiG9w0BBwGggd4EgdswgdgwgdUGCyqGSIb3DQEMCgECoIGeMIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjnHNqwMrWvXQICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEOzjXYsdFfKpxG9LrqbjAkUEQIqHGCyE92v1cZ5YFefLzvf8MH7xcEpTjVN5Z3lfpFNkk+QBFoVAWdTByCEhohIlHMNrgt38qHXRsxDmIl9WX2kxJTAjBgkqhkiG9w0BCRUxFgQUSfA6gQ4nrhniaFcin57Pf4ZV0iIwQTAxMA0GCWCGSAFlAwQCAQUABCBUl2putdzoCzsG36/1Qa8J1hhURu3ugEzJpEuMegsnqAQIYAG8LG1ZfsQCAggA";
const JKS =
  "/u3+7QAAAAIAAAABAAAAAQABMQAAAaIsUVJBAAAAbDBqMA4GCisGAQQBKgIRAQEFAARY4U2YiA9k/Hv+d5E6g/83scjgBsqUQlVI8udydMlrL/Z7ZXsMbkXQoZYxuoZrkv3sCmWPVEPlE/MLNxNltpeehXP9uwxBEYnbXrTFm2BXjqnHAixvC5+6CQAAAAEABVguNTA5AAABSDCCAUQwgfegAwIBAgIUNXk/8wfDGHl4IjD5xQCdhMvKOtAwBQYDK2VwMBcxFTATBgNVBAMMDHRlc3QuZXhhbXBsZTAgFw0yNjExMzAxMTU3MzZaGA8yMTI2MTEwNjExNTczNlowFzEVMBMGA1UEAwwMdGVzdC5leGFtcGxlMCowBQYDK2VwAyEAplcE2Z0UKDeSaIjfMSh+Zoc2Uwuc6Pzjd5QikVoNyHKjUzBRMB0GA1UdDgQWBBTZ6dSAjwfqB48xNF1OXfSvOc5XSTAfBgNVHSMEGDAWgBTZ6dSAjwfqB48xNF1OXfSvOc5XSTAPBgNVHRMBAf8EBTADAQH/MAUGAytlcANBAMVrnIANrEuyh2TEapbx8HDwn9xNxxeCZslmB51L/pCN4AIFcpm4hx+CH7tLJPsbdgERcLW22OBxTTYSANOZQgHQfZKfBIy6tFocdN8PWGY/ZgnXzA==";
const OPENSSH =
  "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\nQyNTUxOQAAACDTfQEB7aPZBc1uendQpa2nsnaSSjsnkRTxjjS8hfCuDQAAAJBfB8IwXwfC\nMAAAAAtzc2gtZWQyNTUxOQAAACDTfQEB7aPZBc1uendQpa2nsnaSSjsnkRTxjjS8hfCuDQ\nAAAECSzybC9aMKfJ0Xb1tOrqPugJQlFZJIWDjoIRcyd2vjGdN9AQHto9kFzW56d1Clraey\ndpJKOyeRFPGONLyF8K4NAAAAB3Jvb3RAdm0BAgMEBQY=\n-----END OPENSSH PRIVATE KEY-----\n";
const OPENSSH_PUBLIC = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINN9AQHto9kFzW56d1ClraeydpJKOyeRFPGONLyF8K4N root@vm";
const REQUEST =
  "-----BEGIN CERTIFICATE REQUEST-----\nMIGLMD8CAQAwDDEKMAgGA1UEAwwBdDAqMAUGAytlcAMhAKZXBNmdFCg3kmiI3zEo\nfmaHNlMLnOj843eUIpFaDchyoAAwBQYDK2VwA0EAy2QckwOpyQ71Mv7ys3ycpLlH\nh5NWkvvamH4Rf5kNqQZRgRZVIzJjzMeom6ym7Gc/jJa+DaB+Dym6VqXXF3o9DA==\n-----END CERTIFICATE REQUEST-----\n";
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBRDCB96ADAgECAhQ1eT/zB8MYeXgiMPnFAJ2Ey8o60DAFBgMrZXAwFzEVMBMG
A1UEAwwMdGVzdC5leGFtcGxlMCAXDTI2MTEzMDExNTczNloYDzIxMjYxMTA2MTE1
NzM2WjAXMRUwEwYDVQQDDAx0ZXN0LmV4YW1wbGUwKjAFBgMrZXADIQCmVwTZnRQo
N5JoiN8xKH5mhzZTC5zo/ON3lCKRWg3IcqNTMFEwHQYDVR0OBBYEFNnp1ICPB+oH
jzE0XU5d9K85zldJMB8GA1UdIwQYMBaAFNnp1ICPB+oHjzE0XU5d9K85zldJMA8G
A1UdEwEB/wQFMAMBAf8wBQYDK2VwA0EAxWucgA2sS7KHZMRqlvHwcPCf3E3HF4Jm
yWYHnUv+kI3gAgVymbiHH4Ifu0sk+xt2ARFwtbbY4HFNNhIA05lCAQ==
-----END CERTIFICATE-----
`;

const encryptedJwk = encrypt(
  new TextEncoder().encode(JSON.stringify(key.toJwk({ private: true }))),
  EncryptionKey.fromPassword("tr0ub4dor", { alg: "PBES2-HS256+A128KW", iterations: 1000 }),
  { cty: "jwk+json" },
);

const percent = (text) => text.replaceAll(".", "%2E").replaceAll("=", "%3D");

/** What belongs elsewhere: what it is, and the button of the page, which is another one where it only has to be taken out. */
const tokenIn = (text, place, name = "a token") => ({
  text,
  is: "token",
  name: `${place} with ${name} in it`,
  button: "Check the token",
  out: "Take the token out",
});
const aToken = (text, name = "a token") => ({ text, is: "token", name, button: "Check the token" });
const severalTokens = (text, names) => ({
  text,
  is: "several",
  name: "a longer text with 2 tokens in it",
  names,
  button: "Check number 1",
});
const hashIn = (text, place) => ({
  text,
  is: "hash",
  name: `${place} with a stored hash in it`,
  button: "Look at the hash",
  out: "Take the hash out",
});
const aHash = (text) => ({ text, is: "hash", name: "a stored hash", button: "Look at the hash" });
const aKey = (text, told) => ({ text, is: "key", name: "a key", button: "Look at the key", told });

/** HMAC-SHA-256 in base64, as cookie-signature writes it. */
const SIGNED = "vKHZ3b2DKwKZT1mGgmyHxQ9c1PUVS+KT0C0Xq6FWXyg";
const SECRET = "hT6mYz8Jq0XnV1s5rUa3kE7wBd9cGf2LpO4iQxRtZyM";
const anOpaque = (text, name, advice) => ({ text, is: "opaque", name, advice });
const aDocument = (value, name, advice) => ({ text: JSON.stringify(value), is: "document", name, advice });
/** It is read where a key belongs, and named elsewhere. */
const aKeyIn = (text, told) => ({ ...aKey(text, told), name: "a line of settings with a key in it", isRead: true });
const aSetting = (text, place) => ({
  text,
  is: "secret",
  name: `${place} with a secret in it`,
  button: "Take the secret out",
});

// Written by Flask 3.1.3 (itsdangerous 2.2.0) and Django 5.2.19.
const FLASK = [
  "a value that Flask has signed, such as its session cookie",
  "itsdangerous checks it with the application's SECRET_KEY, and it is no JWT",
];
const DJANGO = [
  "a value that Django has signed, such as its session cookie",
  "django.core.signing checks it with the application's SECRET_KEY, and it is no JWT",
];

const BCRYPT = "$2b$12$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm";
const ARGON2 = "$argon2id$v=19$m=65536,p=4,t=3$NUhvHZcXT6ut8Kc93W4y2w$JrwiKhTeB2Bocp6LpQfJMcSTQ6yqCWj7/egOteypAgc";

/**
 * Each kind: a `text`; what it `is`; its `name` in sentences; the `button` that brings it where it belongs. Of keys, what is
 * `told` below the field, or that a key is `refused` or asks for its `passphrase`.
 */
export const KINDS = {
  "a token": aToken(token),
  "an encrypted token": aToken(encryptedToken, "an encrypted token"),
  "an encrypted token in lines": aToken(encryptedToken.replace(/.{64}/g, "$&\n"), "an encrypted token"),
  "a token inside an encrypted one": aToken(
    signAndEncrypt({ sub: "alice" }, new Signer(key), reader),
    "an encrypted token",
  ),
  "a token after Bearer": aToken(`Bearer ${token}`),
  "a header field": aToken(`Authorization: Bearer ${token}`),
  "a header field of DPoP": aToken(`authorization: DPoP ${token}`),
  "a token in quotes": aToken(`"${token}"`),
  "a token as a value of JSON": aToken(`"${token}",`),
  "a token in lines": aToken(token.replace(/.{64}/g, "$&\n")),
  "a token in indented lines": aToken(token.replace(/.{64}/g, "$&\r\n  ")),
  "a token in percent-encoding": aToken(percent(token)),
  "a token that was cut": aToken(token.split(".").slice(0, 2).join(".")),
  "a cookie": tokenIn(`Cookie: theme=dark; session=${token}; lang=en`, "a cookie"),
  "a field that sets a cookie": tokenIn(`Set-Cookie: session=${token}; Path=/; HttpOnly; Secure`, "a cookie"),
  "an answer as a form": tokenIn(`access_token=${token}&token_type=Bearer&expires_in=300`, "a longer text"),
  "a request of HTTP": tokenIn(
    `GET /v1/users HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer ${token}\r\nAccept: */*\r\n\r\n`,
    "a longer text",
  ),
  "a cookie in percent-encoding": tokenIn(`theme=dark; Authorization=Bearer%20${token}; a=b`, "a cookie"),
  "a command of curl": tokenIn(
    `curl 'https://api.example/v1/users?x=1' \\\n  -H 'Accept: */*' \\\n  -H 'Authorization: Bearer ${token}' --compressed`,
    "a curl command",
  ),
  "a URL with a token": tokenIn(`https://app.example/callback#access_token=${token}&token_type=Bearer`, "a URL"),
  "an answer with one JWT": tokenIn(
    JSON.stringify({ access_token: "opaque", token_type: "Bearer", id_token: token }),
    "the answer of a token endpoint",
  ),
  "JSON with a token": tokenIn(JSON.stringify({ data: { token } }), "JSON"),
  "a log line": tokenIn(`12:00:01 WARN refused ${token} from 192.0.2.1`, "a longer text"),
  "an answer with two JWTs": {
    text: JSON.stringify({ access_token: token, id_token: another, token_type: "Bearer" }, null, 2),
    is: "several",
    name: "the answer of a token endpoint with 2 tokens in it",
    names: "access_token, id_token",
    button: "Check “access_token”",
  },
  "a cookie with two tokens": {
    text: `Cookie: access=${token}; refresh=${another}`,
    is: "several",
    name: "a cookie with 2 tokens in it",
    names: "access, refresh",
    button: "Check “access”",
  },
  "two tokens in two lines": severalTokens(
    `${token}\n${another}\n`,
    `line 1 with ${token.length} characters, line 2 with ${another.length} characters`,
  ),
  "two tokens with a space between": severalTokens(
    `${token} ${another}`,
    `number 1 with ${token.length} characters, number 2 with ${another.length} characters`,
  ),
  "two tokens in quotes": severalTokens(
    `"${token}"\n"${another}"`,
    `line 1 with ${token.length} characters, line 2 with ${another.length} characters`,
  ),
  "two tokens after Bearer": severalTokens(
    `Bearer ${token}\nBearer ${another}`,
    `line 1 with ${token.length} characters, line 2 with ${another.length} characters`,
  ),
  "a signed token and an encrypted one": severalTokens(
    `${token}\r\n${encryptedToken}`,
    `line 1 with ${token.length} characters, line 2 with ${encryptedToken.length} characters`,
  ),
  "an answer without a JWT": {
    text: JSON.stringify({ access_token: "2YotnFZFEjr1zCsicMWpAA", token_type: "Bearer" }),
    is: "answer",
    name: "the answer of a token endpoint, without a JWT",
  },
  "the URL of keys": { text: JWKS_URL, is: "url", name: "a URL", button: "Open “Fetch keys”" },
  "a discovery document": {
    text: JSON.stringify({ issuer: "https://login.example", jwks_uri: JWKS_URL }),
    is: "discovery",
    name: "the discovery document of an issuer",
    button: "Open “Fetch keys”",
  },
  "two tokens with names": {
    ...severalTokens(`access_token=${token}\nid_token=${another}`, "access_token, id_token"),
    button: "Check “access_token”",
  },
  "a public key in PEM": aKey(pem, "P-256, public key, as PEM, for ES256."),
  "a private key in PEM": aKey(privatePem, "P-256, private key, as PEM, for ES256."),
  "PEM with spaces for line ends": aKey(pem.replaceAll("\n", " "), "P-256, public key, as PEM, for ES256."),
  "PEM with \\n for line ends": aKey(privatePem.replaceAll("\n", "\\n"), "P-256, private key, as PEM, for ES256."),
  "PEM without line ends": aKey(pem.replaceAll("\n", ""), "P-256, public key, as PEM, for ES256."),
  "PEM as a line of .env": aKey(
    `PRIVATE_KEY="${privatePem.trim().replaceAll("\n", "\\n")}"`,
    "P-256, private key, as PEM, for ES256.",
  ),
  "PEM in base64": aKey(btoa(pem), "P-256, public key, as PEM, for ES256."),
  "an encrypted key in PEM": { ...aKey(key.toPem({ private: true, passphrase: "x" })), passphrase: true },
  "a certificate": aKey(CERTIFICATE, /^\S.*, public key, as certificate, for /),
  "a certificate with spaces for line ends": aKey(
    CERTIFICATE.replaceAll("\n", " "),
    /^\S.*, public key, as certificate, for /,
  ),
  "a certificate in base64 of PEM": aKey(btoa(CERTIFICATE), /^\S.*, public key, as certificate, for /),
  "DER in base64": aKey(rsaBase64, /^RSA, 2048 bits, public key, as DER, for RS256, unless you choose /),
  "a JWK": aKey(jwk, "P-256, public key, as JWK, for ES256."),
  "a private JWK": aKey(
    JSON.stringify(key.toJwk({ private: true }), null, 2),
    "P-256, private key, as JWK, for ES256.",
  ),
  "an encrypted JWK": { ...aKey(encryptedJwk), passphrase: true },
  "a certificate as DER in base64": aKey(
    CERTIFICATE.replace(/-----.*-----/g, ""),
    /^\S.*, public key, as certificate, for /,
  ),
  "a JWK Set": aKey(`{"keys":[${jwk}]}`, "A JWK Set with 1 usable key."),
  "a private key of OpenSSH": { ...aKey(OPENSSH), refused: /^KEY_INVALID: this is an OpenSSH key: convert / },
  "a public key of OpenSSH": { ...aKey(OPENSSH_PUBLIC), refused: /^KEY_INVALID: this is an OpenSSH public key: / },
  "a key of PuTTY": {
    ...aKey("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n"),
    refused: /^KEY_INVALID: this is a PuTTY key: /,
  },
  "PKCS#12 in base64": { ...aKey(PKCS12), refused: /^KEY_INVALID: this is a PKCS#12 file: / },
  "a Java keystore in base64": { ...aKey(JKS), refused: /^KEY_INVALID: this is a Java keystore: / },
  "a certificate request": { ...aKey(REQUEST), refused: /^KEY_INVALID: this is a certificate request: / },
  "PEM that was cut": {
    ...aKey(pem.split("\n").slice(0, 2).join("\n")),
    refused: /^KEY_INVALID: PEM is not well-formed: the text ends early, before "-----END PUBLIC KEY-----"\.?$/,
  },
  "PEM that was cut in its last line": {
    ...aKey(privatePem.trim().slice(0, -9)),
    refused: /^KEY_INVALID: PEM is not well-formed: the text ends early, before "-----END PRIVATE KEY-----"\.?$/,
  },
  "PEM that was cut in its first line": {
    ...aKey("-----BEGIN PUBLIC KE"),
    refused: /^KEY_INVALID: PEM is not well-formed: the text ends in its first line\.?$/,
  },
  "encrypted PEM that was cut": {
    ...aKey(key.toPem({ private: true, passphrase: "x" }).slice(0, 200)),
    refused:
      /^KEY_INVALID: PEM is not well-formed: the text ends early, before "-----END ENCRYPTED PRIVATE KEY-----"\.?$/,
  },
  "PEM without one of its lines": {
    ...aKey(rsaPem.split("\n").toSpliced(3, 1).join("\n")),
    refused: /^KEY_INVALID: not an SPKI key: 48 bytes are missing, so a part of the text was lost\.?$/,
  },
  "a certificate without one of its lines": {
    ...aKey(CERTIFICATE.split("\n").toSpliced(4, 1).join("\n")),
    refused: /^KEY_INVALID: not an X\.509 certificate in DER: 48 bytes are missing, so a part of the text was lost\.?$/,
  },
  "PEM in base64 that was cut": {
    ...aKey(btoa(pem).slice(0, 120)),
    refused: /^KEY_INVALID: PEM is not well-formed: the text ends early, before "-----END PUBLIC KEY-----"\.?$/,
  },
  "DER in base64 that was cut": {
    ...aKey(rsaBase64.slice(0, 200)),
    refused:
      /^KEY_INVALID: not a key in PKCS#8, SPKI, PKCS#1 or SEC 1: 144 bytes are missing, so a part of the text was lost\.?$/,
  },
  "PEM with a line too many": {
    ...aKey(rsaPem.replace("\n-----END", "\nAAAA\n-----END")),
    refused: /^KEY_INVALID: (?!.*missing|.*early)/,
  },
  "SEC 1 with the label of PKCS#8": {
    ...aKey(sec1.replaceAll("EC PRIVATE", "PRIVATE")),
    refused: /^KEY_INVALID: not a PKCS#8 key: the label should be "BEGIN EC PRIVATE KEY"\.?$/,
  },
  "PKCS#8 with the label of SEC 1": {
    ...aKey(privatePem.replaceAll("PRIVATE", "EC PRIVATE")),
    refused: /^KEY_INVALID: not a SEC 1 key: the label should be "BEGIN PRIVATE KEY"\.?$/,
  },
  "a private key with the label of a public one": {
    ...aKey(privatePem.replaceAll("PRIVATE", "PUBLIC")),
    refused: /^KEY_INVALID: not an SPKI key: the label should be "BEGIN PRIVATE KEY"\.?$/,
  },
  "a public key with the label of a private one": {
    ...aKey(pem.replaceAll("PUBLIC", "PRIVATE")),
    refused: /^KEY_INVALID: not a PKCS#8 key: the label should be "BEGIN PUBLIC KEY"\.?$/,
  },
  "a certificate with the label of a key": {
    ...aKey(CERTIFICATE.replaceAll("CERTIFICATE", "PUBLIC KEY")),
    refused: /^KEY_INVALID: not an SPKI key: the label should be "BEGIN CERTIFICATE"\.?$/,
  },
  "PEM that is no DER": {
    ...aKey("-----BEGIN PRIVATE KEY-----\nAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----"),
    refused: /^KEY_INVALID: not a PKCS#8 key\.?$/,
  },
  "PEM with four hyphens at its start": {
    ...aKey(pem.slice(1)),
    refused: fiveHyphens("BEGIN"),
  },
  "PEM with four hyphens after its label": {
    ...aKey(pem.replace("KEY-----", "KEY----")),
    refused: fiveHyphens("BEGIN"),
  },
  "PEM with the dashes of a word processor": {
    ...aKey(pem.replaceAll("-----", "\u2014\u2014-")),
    refused: fiveHyphens("BEGIN"),
  },
  "a JWK with a type in small letters": {
    ...aKey(jwk.replace('"EC"', '"ec"')),
    refused: /^KEY_INVALID: JWK member "kty" is not a supported key type: write "EC"\.?$/,
  },
  "a JWK with a curve by another name": {
    ...aKey(jwk.replace('"P-256"', '"prime256v1"')),
    refused: /^KEY_INVALID: JWK member "crv" is not a supported curve of its "kty": write "P-256"\.?$/,
  },
  "a JWK with a curve that is not supported": {
    ...aKey(jwk.replace('"P-256"', '"secp256k1"').replace('"alg":"ES256",', "").replace(',"alg":"ES256"', "")),
    refused: /: EC has P-256, P-384 and P-521, and OKP has Ed25519 and X25519\.?$/,
  },
  "a JWK of another type": {
    ...aKey(jwk.replace('"EC"', '"DSA"')),
    refused: /"kty" is not a supported key type: EC, RSA, OKP, oct and AKP are supported\.?$/,
  },
  "a key of RSA-PSS": {
    ...aKey(rsaPss),
    refused: /^KEY_INVALID: this is an RSA-PSS key: (?:give --alg|choose) PS256, PS384 or PS512\.?$/,
  },
  "a key of RSA-PSS for one algorithm": aKey(rsaPss384, "RSA, 2048 bits, private key, as PEM, for PS384."),
  "PEM with another label": {
    ...aKey("-----BEGIN PGP PUBLIC KEY BLOCK-----\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----"),
    refused:
      /^KEY_INVALID: PEM label does not name a supported kind of key\. Labels of keys are PRIVATE KEY, .*EC PRIVATE KEY and CERTIFICATE\.?$/,
  },
  "a hash of bcrypt": aHash(BCRYPT),
  "a hash of Argon2": aHash(ARGON2),
  "a hash of Django": aHash("pbkdf2_sha256$600000$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaGhhc2hoYXNoaGFzaGhhc2g="),
  "a hash of Werkzeug": aHash(`scrypt:32768:8:1$c2FsdHNhbHQ$${"ab".repeat(64)}`),
  "a hash of LDAP": aHash("{SSHA}WjdUxxNMwvWeu+12lgaqYQJYBjMnhLA2"),
  "a hash of Spring Security": aHash("{bcrypt}$2a$04$VjUL5VwZDP8BFvFJKOJPg.XKzah2vXpgGSNyejTDabY4gD2nBCbiC"),
  "a hash of MediaWiki": aHash(":B:ad313991:55a45544027359b7f6fb3ce5ff5488cc"),
  "a hash of MySQL": aHash("*F4AF2E5D85456A908E0F552F0366375B06267295"),
  "a row of CSV": hashIn(`42,alice@example.com,${BCRYPT},2019-01-01T00:00:00Z`, "a line"),
  "a row of CSV with Argon2": hashIn(`42;alice;${ARGON2};true`, "a line"),
  "a statement of SQL": hashIn(`INSERT INTO users VALUES (42, 'alice', '${BCRYPT}');`, "a line"),
  "a line of /etc/shadow": hashIn(`alice:$6$PPyD58qOHK.eL54.$${"a".repeat(86)}:19000:0:99999:7:::`, "a line"),
  "a line of /etc/shadow with a locked account": hashIn(
    `alice:!$6$PPyD58qOHK.eL54.$${"a".repeat(86)}:19000:0:99999:7:::`,
    "a line",
  ),
  "a hash locked by FreeBSD": aHash(`*LOCKED*${BCRYPT}`),
  "a line of .htpasswd": hashIn("alice:$apr1$wzPHxVlu$0.0a.gHyLj/zQYl.eJYUF.", "a line"),
  "a row of JSON": hashIn(JSON.stringify({ id: 42, email: "alice@example.com", passwordHash: BCRYPT }), "JSON"),
  "rows of CSV": {
    text: `1,alice,${BCRYPT}\n2,bob,${ARGON2}\n`,
    is: "hashes",
    name: "a text of several lines with 2 stored hashes in it",
  },
  "a row of CSV with MD5": { ...hashIn("42,alice,5f4dcc3b5aa765d61d8327deb882cf99", "a line"), isDoubtful: true },
  "MD5 in hexadecimal": { ...aHash("5f4dcc3b5aa765d61d8327deb882cf99"), isDoubtful: true },
  "a hash of ASP.NET Identity 2": {
    ...aHash("ACcwPG5rJer5Pey0wnX7SdslY2K9N4/EuhQ4PbmU9hnYpWn2xY7k8uFd5Q4c9gXW7Q=="),
    isDoubtful: true,
  },
  "an entry of LDIF": hashIn(
    `dn: uid=alice,ou=people,dc=example\nobjectClass: person\nuserPassword:: ${btoa("{SSHA}WjdUxxNMwvWeu+12lgaqYQJYBjMnhLA2")}\n`,
    "an entry of LDIF",
  ),
  "an entry of LDIF with a line that continues": hashIn(
    `dn: uid=alice\nuserPassword:: ${btoa(`{CRYPT}${BCRYPT}`).replace(/.{40}/, "$&\n ")}\ncn: Alice`,
    "an entry of LDIF",
  ),
  "a line of LDIF in plain": hashIn("userPassword: {SSHA}WjdUxxNMwvWeu+12lgaqYQJYBjMnhLA2", "a line of LDIF"),
  "entries of LDIF": {
    text: `userPassword:: ${btoa("{SSHA}WjdUxxNMwvWeu+12lgaqYQJYBjMnhLA2")}\n\nuserPassword: {CRYPT}${BCRYPT}\n`,
    is: "hashes",
    name: "an entry of LDIF with 2 stored hashes in it",
  },
  "a token in a cookie that Express has signed": tokenIn(
    `Cookie: lang=en; session=s%3A${token}.${percent(SIGNED)}`,
    "a cookie",
  ),
  "a token that Express has signed": tokenIn(`s:${token}.${SIGNED}`, "a value that Express has signed"),
  "a value that Express has signed": anOpaque(
    `s:abcDEF123.${SIGNED}`,
    "a value that Express has signed, without a JWT",
  ),
  "a cookie that Express has signed": anOpaque(
    `Cookie: connect.sid=s%3AabcDEF123.${encodeURIComponent(SIGNED)}; a=b`,
    "a cookie that Express has signed, without a JWT",
  ),
  "a cookie without a token": anOpaque("Cookie: session=2YotnFZFEjr1zCsicMWpAA; lang=en", "a cookie without a JWT"),
  "a field that sets another cookie": anOpaque(
    "Set-Cookie: session=2YotnFZFEjr1zCsicMWpAA; Path=/; HttpOnly",
    "a cookie without a JWT",
  ),
  "a header field with an opaque token": anOpaque(
    "Authorization: Bearer 2YotnFZFEjr1zCsicMWpAA",
    "an opaque token, without a JWT",
  ),
  "a header field with a password": anOpaque(
    `Authorization: Basic ${btoa("alice:secret")}`,
    "a name and a password for HTTP, without a JWT",
    "base64 is no encryption, so do not pass it on",
  ),
  "a command of curl without a token": anOpaque(
    "curl -u alice:secret https://api.example/v1/users",
    "a curl command without a JWT",
    "nothing in it can be looked at here",
  ),
  "a refresh token of Sessions": anOpaque(
    `r1.${"A".repeat(22)}.3.${"b".repeat(43)}`,
    "a refresh token of Sessions",
    "only the server that made it can tell what it stands for",
  ),
  "a PASETO": anOpaque(
    `v4.public.${"eyJzdWIiOiJhbGljZSJ9".repeat(5)}.Zm9vdGVy`,
    "a PASETO",
    "it is no JWT, and this package does not read it",
  ),
  "an encrypted PASETO": anOpaque(
    `Bearer v4.local.${"A".repeat(90)}`,
    "a PASETO",
    "it is no JWT, and this package does not read it",
  ),
  ...Object.fromEntries(
    [
      ["a session of Flask", "eyJ1c2VyX2lkIjoxfQ.aw3Mgg.xxQjwhEAzna-GJvU314FxP8ezBI"],
      [
        "a longer session of Flask",
        ".eJyrViotTi2Kz0xRsjLUUYpPy0kszkgtVrKKjlbKTS0uTkxPVdJRKk_NSc7PTVVISkzOVhihHKXY2FoAhMlsTw.aw3Mgg.u9-QFN0uCJy3hKKd_ezZCvfzKek",
      ],
      ["a cookie of Flask", "session=eyJ1c2VyX2lkIjoxfQ.aw3Mgg.xxQjwhEAzna-GJvU314FxP8ezBI"],
    ].map(([name, text]) => [name, anOpaque(text, ...FLASK)]),
  ),
  ...Object.fromEntries(
    [
      ["a session of Django", "eyJfYXV0aF91c2VyX2lkIjoiMSJ9:1xY6vS:ZW8pWaz927js-ZnCLbkY0bkXg0W_MbXKO4VJkfHNnoY"],
      [
        "a longer session of Django",
        ".eJyrVopPLC3JiC8tTi2Kz0xRslIyVNJRqgDS5ak5yfm5qQpJicnZCiOUo1QLAPzsZ3E:1xY6vS:bFhSkIJ8qB6LOF2DlSvQb_vyn6ZGV44zrW3XtKPC4vo",
      ],
    ].map(([name, text]) => [name, anOpaque(text, ...DJANGO)]),
  ),
  "a token of GitHub": anOpaque(`ghp_${"a".repeat(36)}`, "an opaque token, without a JWT"),
  "a service account of Google": aDocument(
    {
      type: "service_account",
      project_id: "p",
      private_key_id: "k",
      private_key: privatePem,
      client_email: "a@p.example",
    },
    "a service account of Google",
    'its key is in "private_key", a PEM: pass that text alone, with its line breaks, and keep it secret',
  ),
  "certificates by kid": aDocument(
    { "27a1": CERTIFICATE, "5f0c": CERTIFICATE },
    "a map of certificates by kid",
    'its kids are 27a1, 5f0c: pass the certificate that the "kid" of the token names, alone',
  ),
  "an export of Keycloak": aDocument(
    { realm: "shop", users: [{ username: "alice", credentials: [{ type: "password", secretData: "{}" }] }] },
    "an export of Keycloak",
    "its users are converted by countersign import --from keycloak",
  ),
  "an export of Firebase": aDocument(
    { users: [{ localId: "1", email: "a@example.com", passwordHash: "AAAA", salt: "AAAA" }] },
    "an export of Firebase",
    "its users are converted by countersign import --from firebase, with --config",
  ),
  "users of Firebase in an array": aDocument(
    [{ localId: "1", email: "a@example.com", passwordHash: "AAAA", salt: "AAAA" }],
    "an export of Firebase",
    "its users are converted by countersign import --from firebase, with --config",
  ),
  "an array of JWKs": {
    text: `[${jwk},${jwk}]`,
    is: "array",
    name: "an array of JWKs",
    button: "Read it as a JWK Set",
  },
  "a secret in a line of .env": aSetting(`JWT_SECRET=${SECRET}`, "a line of settings"),
  "a secret in quotes": aSetting(`export AUTH_SECRET="${SECRET}"`, "a line of settings"),
  "a secret in YAML": aSetting(`  jwt.secret: '${SECRET}'`, "a line of settings"),
  "a secret in a file .env": aSetting(`PORT=3000\r\nJWT_SECRET=${SECRET}\r\nAPI_KEY=abc\r\n`, "a file of settings"),
  "a JWK in a line of .env": aKeyIn(`SIGNING_KEY='${jwk}'`, "P-256, public key, as JWK, for ES256."),
  "PEM in base64 in a line of .env": aKeyIn(`JWT_PUBLIC_KEY=${btoa(pem)}`, "P-256, public key, as PEM, for ES256."),
  "a hash in a line of .env": hashIn(`ADMIN_SECRET_HASH='${BCRYPT}'`, "a line of settings"),
  "a secret": { text: "correct horse battery staple, and more", is: "unknown" },
  "a secret in base64url": { text: "hT6mYz8Jq0XnV1s5rUa3kE7wBd9cGf2LpO4iQxRtZyM", is: "unknown" },
};
