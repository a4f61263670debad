// What is timed. Each task takes the package and gives a call that does the work once.

const OPTIONS = { issuer: "https://login.example", audience: "https://api.example" };
const CLAIMS = { sub: "user-000017", scope: "profile orders:read", session: "73657373696f6e203137" };
/** As a token that lists what its bearer may do. */
const LARGE = {
  ...CLAIMS,
  permissions: Array.from({ length: 100 }, (_, index) => ({ on: `project-${index}`, may: ["read", "write"] })),
};
const PASSWORD = "correct horse battery staple";

export const tasks = {
  "HS256 sign": (library) => sign(library, secret(library, "HS256")),
  "HS256 verify": (library) => verify(library, secret(library, "HS256")),
  "HS256 verify, 4 KiB of claims": (library) => verify(library, secret(library, "HS256"), LARGE),
  "HS512 verify": (library) => verify(library, secret(library, "HS512")),
  "EdDSA sign": (library) => sign(library, pair(library, "EdDSA")),
  "EdDSA verify": (library) => verify(library, pair(library, "EdDSA")),
  "EdDSA verify, new keys": (library) => verifyWithNewKeys(library, pair(library, "EdDSA")),
  "ES256 verify": (library) => verify(library, pair(library, "ES256")),
  "ES256 verify, new keys": (library) => verifyWithNewKeys(library, pair(library, "ES256")),
  "ES384 verify": (library) => verify(library, pair(library, "ES384")),
  "ES512 verify": (library) => verify(library, pair(library, "ES512")),
  "RS256 verify": (library) => verify(library, pair(library, "RS256")),
  "PEM import": (library) => {
    const pem = pair(library, "ES256").toPem({ private: true });
    return () => library.Key.fromPem(pem, { alg: "ES256" });
  },
  "DER import": (library) => {
    const der = pair(library, "ES256").toDer({ private: true });
    return () => library.Key.fromDer(der, { alg: "ES256" });
  },
  Argon2id: (library) => hash(library, {}),
  "Argon2id, a password that is not ASCII": (library) => hash(library, {}, "correct h\u00f6rse battery staple"),
  bcrypt: (library) => hash(library, { scheme: "bcrypt", params: { cost: 10 } }),
  scrypt: (library) => hash(library, { scheme: "scrypt", params: { cost: 14, blockSize: 8, parallelism: 1 } }),
};

const secret = ({ Key }, alg) => Key.fromSecret(new Uint8Array(64).fill(7), { alg });
const pair = ({ Key }, alg) => Key.generate(alg);

function sign({ Signer }, key) {
  const signer = new Signer(key, { ...OPTIONS, expiresIn: "15m" });
  return () => signer.sign(CLAIMS);
}

function verify({ Signer, Verifier }, key, claims = CLAIMS) {
  const token = new Signer(key, { ...OPTIONS, expiresIn: "15m" }).sign(claims);
  const verifier = new Verifier(isSecret(key) ? key : key.publicKey(), OPTIONS);
  return () => verifier.verify(token);
}

/** As a server that starts: each key is imported and checks one token. */
function verifyWithNewKeys({ Key, Signer, Verifier }, key) {
  const token = new Signer(key, { ...OPTIONS, expiresIn: "15m" }).sign(CLAIMS);
  const jwk = key.publicKey().toJwk();
  return () => new Verifier(Key.fromJwk(jwk), OPTIONS).verify(token);
}

const isSecret = (key) => /^HS/.test(key.alg);

function hash({ PasswordHasher }, policy, password = PASSWORD) {
  const hasher = new PasswordHasher(policy);
  return () => hasher.hash(password);
}
