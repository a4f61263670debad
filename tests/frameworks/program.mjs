// The program that every framework builds and runs: it signs and checks a token, encrypts, and hashes a password.

/** `use()` as an ES module. */
export const PROGRAM = `import { CountersignError, Key, PasswordHasher, Signer, configurePasswordPool, verify } from "countersign";
import { bearerGuard } from "countersign/http";
import { EncryptionKey, decrypt, encrypt } from "countersign/jwe";

export async function use() {
  const key = Key.generate("ES256");
  const token = new Signer(key).sign({ sub: "alice" }, { issuer: "issuer" });
  const { claims } = verify(token, key.publicKey(), { issuer: "issuer" });
  let code;
  try {
    verify(token, key, { issuer: "another" });
  } catch (error) {
    code = error instanceof CountersignError ? error.code : String(error);
  }
  configurePasswordPool({ queue: 10 });
  const hasher = new PasswordHasher({ params: { memoryKib: 64, passes: 1, lanes: 1 } });
  const stored = await hasher.hashAsync("correct horse");
  const { ok } = await hasher.verifyAsync("correct horse", stored);
  const secret = EncryptionKey.generate("A256KW");
  const opened = decrypt(encrypt(new TextEncoder().encode("dawn"), secret), secret);
  return {
    sub: claims.sub,
    code,
    right: ok,
    wrong: hasher.verify("wrong", stored).ok,
    text: new TextDecoder().decode(opened.plaintext),
    guard: typeof bearerGuard,
  };
}
`;

/** `use()` as CommonJS. */
export const COMMONJS = PROGRAM.replace(/^import (\{.*\}) from ("[^"]*");$/gm, "const $1 = require($2);").replace(
  "export async function use",
  "exports.use = async function use",
);

/** What `use()` gives. */
export const EXPECTED = {
  sub: "alice",
  code: "CLAIM_INVALID",
  right: true,
  wrong: false,
  text: "dawn",
  guard: "function",
};
