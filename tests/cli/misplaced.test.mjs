// Texts where something else belongs: each message says what to write instead, and repeats no secret.

import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { Key, sign } from "countersign/jwt";
import { countersign, folder } from "./program.mjs";

const key = Key.generate("ES256").withKid("one");
const jwk = JSON.stringify(key.toJwk({ private: true }));
const pem = key.toPem({ private: true });
const set = JSON.stringify({ keys: [key.toJwk()] });
const token = sign({ sub: "alice" }, key);
const hash = "$2b$04$8O6muQn/.sWdjqlsN8KxB.2SIR1bpIV9o19rqb1IzgEhbo4IwTmDm";
const SECRET = "hunter2-hunter2-hunter2-hunter2-hunter2";
const URL = "https://login.example/jwks.json";
const CLAIMS = '{"sub":"alice"}';

const isFile = (where, what) => `${where} takes the name of a file, and this is ${what}: `;
const ON_STDIN = "write it to a file, or pass it on standard input with ";
const NO_VARIABLE = "the environment has no such variable: --";
const NOT_ITS_VALUE = " takes its name, not its value";
const NO_FILE = "FILE_UNREADABLE: there is no such file: --";
const PASSWORD = "the password is given with --password-stdin, --password-file or --password-env";
const ALONE = "the token itself is given without an option, or on standard input";

/** A name in each group says where the texts stand. */
const CASES = {
  "the name of a file": [
    [["sign", "--key", jwk], `${isFile("--key", "a key")}${ON_STDIN}--key -`],
    [["sign", "--key", pem], `${isFile("--key", "a key")}${ON_STDIN}--key -`],
    [["verify", "--any", "--key", set], `${isFile("--key", "a key")}${ON_STDIN}--key -`],
    [["verify", "--any", "--key", URL], `${isFile("--key", "a URL")}--jwks fetches keys`],
    [["sign", "--key", URL], `${isFile("--key", "a URL")}download it first`],
    [["verify", "--any", "--key", token], `${isFile("--key", "a token")}${ALONE}`],
    [["sign", "--key", token], `${isFile("--key", "a token")}sign makes a token from claims`],
    [
      ["verify", "--any", "--key", "es.json", "--decryption-key", pem, "x"],
      `${isFile("--decryption-key", "a key")}${ON_STDIN}--decryption-key -`,
    ],
    [
      ["sign", "--key", "es.json", "--claims-file", CLAIMS],
      `${isFile("--claims-file", "JSON")}the claims themselves are given with --claims`,
    ],
    [["sign", "--key", "es.json", "--out", jwk], "unknown option --out"],
    [["inspect", "--token-file", token], `${isFile("--token-file", "a token")}${ALONE}`],
    [["verify", "--any", "--key", "es.json", "--token-file", token], `${isFile("--token-file", "a token")}${ALONE}`],
    [
      ["check", "--hash-file", hash, "--password-env", "P"],
      `${isFile("--hash-file", "a stored hash")}give the hash without this option, in single quotes`,
    ],
    [["convert", jwk, "--to", "pem"], `${isFile("convert", "a key")}${ON_STDIN}-`],
    [["convert", pem, "--to", "jwk"], `${isFile("convert", "a key")}${ON_STDIN}-`],
    [["jwks", "es.json", set], `${isFile("jwks", "a key")}${ON_STDIN}-`],
    [["jwks", URL], `${isFile("jwks", "a URL")}download it first`],
    [["keygen", "ES256", "--out", jwk], `${isFile("--out", "a key")}name the file to write`],
    [["rotate", jwk, "--no-passphrase"], `${isFile("rotate", "a key")}name the file that keeps the keys`],
    [["rotate", URL, "--no-passphrase"], `${isFile("rotate", "a URL")}download it first`],
    [["import", "--from", "supabase", "[{}]"], `${isFile("import", "JSON")}${ON_STDIN}-`],
    [["import", "--from", "columns", "--config", "{}", "x.csv"], `${isFile("--config", "JSON")}${ON_STDIN}--config -`],
  ],
  "a secret": [
    [
      ["sign", "--key", SECRET],
      `${NO_FILE}key takes its name; the HMAC secret itself goes to --secret-stdin or --secret-env`,
    ],
    [
      ["sign", "--secret-file", SECRET],
      `${NO_FILE}secret-file takes its name; the secret itself goes to --secret-stdin or --secret-env`,
    ],
    [
      ["hash", "--password-file", SECRET],
      `${NO_FILE}password-file takes its name; the password itself goes to --password-stdin or --password-env`,
    ],
    [
      ["hash", "--password-file", "hunter2"],
      `${NO_FILE}password-file takes its name; the password itself goes to --password-stdin or --password-env`,
    ],
    [
      ["convert", "es.json", "--to", "pem", "--out-passphrase-file", SECRET],
      `${NO_FILE}out-passphrase-file takes its name; the passphrase itself goes to --out-passphrase-stdin or --out-passphrase-env`,
    ],
    [["doctor", SECRET], "FILE_UNREADABLE: cannot read the file: there is no such file"],
    [["convert", SECRET, "--to", "pem"], "FILE_UNREADABLE: cannot read the file: there is no such file"],
    [["import", "--from", "supabase", SECRET], "FILE_UNREADABLE: cannot read the file: there is no such file"],
    [["sign", "--secret-env", SECRET], `${NO_VARIABLE}secret-env${NOT_ITS_VALUE}`],
    [["hash", "--password-env", SECRET], `${NO_VARIABLE}password-env${NOT_ITS_VALUE}`],
    [["check", "--hash-env", hash], `${NO_VARIABLE}hash-env${NOT_ITS_VALUE}`],
    [["inspect", "--token-env", token], `${NO_VARIABLE}token-env${NOT_ITS_VALUE}`],
    [
      ["sign", "--secret", jwk],
      "KEY_INVALID: secret looks like a PEM, JWK, DER or OpenSSH key: give a key in a file, with --key",
    ],
    [["hash", SECRET], `hash takes options only: ${PASSWORD}`],
    [["check", hash, SECRET], `too many arguments for check: ${PASSWORD}`],
    [["check", SECRET, hash], `too many arguments for check: ${PASSWORD}`],
    [["sign", `--${SECRET}`], "unknown option"],
    [["sign", `-${pem}`], "unknown option"],
  ],
  "an argument": [
    [
      ["sign", CLAIMS],
      "sign takes options only: the claims are given with --claims, in single quotes, and a key in a file with --key",
    ],
    [
      ["sign", "{sub:", "alice}"],
      "sign takes options only: the claims are given with --claims, in single quotes, and a key in a file with --key",
    ],
    [
      ["sign", pem],
      "sign takes options only: the claims are given with --claims, in single quotes, and a key in a file with --key",
    ],
    [["sign", "sub=alice"], "sign takes options only: a claim is given with --claim"],
    [
      ["sign", "es.json"],
      "sign takes options only: a key is given with --key, and a file of claims with --claims-file",
    ],
    [
      ["sign", "alice"],
      "sign takes options only: the key is given with --key, and the claims with --claims or --claim",
    ],
    [["verify", "--any", "Bearer", token], "too many arguments for verify: give the token alone"],
    [
      ["verify", "--any", token, "es.json"],
      "too many arguments for verify: a key is given with --key, and a file with the token with --token-file",
    ],
    [["verify", "--any", token, pem], "too many arguments for verify: a key is given in a file with --key"],
    [
      ["verify", "--any", URL, token],
      "too many arguments for verify: the URL of the keys is given with --jwks, and that of the issuer with --issuer",
    ],
    [["inspect", "DPoP", token], "too many arguments for inspect: give the token alone"],
    [["inspect", token, token], "too many arguments for inspect: it takes one token, or reads it from standard input"],
    [
      ["doctor", "es.json", "es.pem"],
      "too many arguments for doctor: it takes one file; put a value that has spaces in single quotes",
    ],
    [["convert", "es.json", "pem"], "too many arguments for convert: the format is given with --to"],
    [
      ["convert", "es.json", "es.pem"],
      "too many arguments for convert: it takes one file, and writes the result to that of --out",
    ],
    [
      ["keygen", "RS256", "2048"],
      "too many arguments for keygen: the length of an RSA key is given with --modulus-length",
    ],
    [["keygen", "ECDH-ES", "P-256"], "too many arguments for keygen: the curve is given with --crv"],
    [["keygen", "dir", "A256GCM"], "too many arguments for keygen: the content encryption is given with --enc"],
    [["keygen", "ES256", "new.json"], "too many arguments for keygen: the file is given with --out"],
    [["keygen", "es256"], "the algorithm is written ES256"],
    [
      ["rotate", "a.json", "b.json"],
      "too many arguments for rotate: it takes one file, and writes the public half to that of --public-out",
    ],
    [["import", "firebase", "users.json"], "too many arguments for import: the system is given with --from"],
    [["help", "sgn"], "there is no command sgn: did you mean sign?"],
    [["help", SECRET], "there is no such command: countersign help lists all"],
  ],
  "another option": [
    [["sign", "--sub", "alice"], "unknown option --sub: use --subject"],
    [["sign", "--exp", "1h"], "unknown option --exp: use --expires-in"],
    [["sign", "--payload", CLAIMS], "unknown option --payload: use --claims or --claims-file"],
    [
      ["verify", "--token", token],
      "unknown option --token: give the token without an option, on standard input or with --token-file",
    ],
    [["inspect", "--key", "es.json"], "unknown option --key: inspect checks nothing; verify does"],
    [["doctor", "--key", "es.json"], "unknown option --key: the file comes first, as in doctor unknown.key"],
    [["convert", "--in", "es.json"], "unknown option --in: the file comes first, as in convert key.pem --to jwk"],
    [["hash", "--rounds", "12"], "unknown option --rounds: use --cost or --iterations"],
  ],
  "the claims": [
    [
      ["sign", "--key", "es.json", "--claims", "claims.json"],
      "--claims is the name of a file: give it with --claims-file",
    ],
    [["sign", "--key", "es.json", "--claims", "es.pem"], "--claims is the name of a file: give it with --claims-file"],
    [["sign", "--key", "es.json", "--claims", "sub=alice"], "--claims is not JSON: one claim is given with --claim"],
    [["sign", "--key", "es.json", "--claims", "{sub:alice}"], /^--claims has no double quotes around the names: /],
    [["sign", "--key", "es.json", "--claims", "{'sub':'alice'}"], /^--claims has no double quotes around the names: /],
    [
      ["sign", "--key", "es.json", "--claim", CLAIMS],
      "--claim is not NAME=VALUE: a whole JSON object is given with --claims",
    ],
    [
      ["sign", "--key", "es.json", "--claim-json", CLAIMS],
      "--claim-json is not NAME=VALUE: a whole JSON object is given with --claims",
    ],
  ],
  "a token or a hash": [
    [["inspect", "es.json"], "the token is the name of a file: give it with --token-file"],
    [
      ["verify", "--any", "--key", "es.json", "token.txt"],
      "the token is the name of a file: give it with --token-file",
    ],
    [["check", "es.json", "--password-env", "P"], "the stored hash is the name of a file: give it with --hash-file"],
    [["doctor", URL], "INPUT_INVALID: this is a URL: countersign verify --jwks fetches keys"],
  ],
  "a command": [
    [[token], "the command comes first: countersign inspect shows a token"],
    [[`Bearer ${token}`], "the command comes first: countersign inspect shows a token"],
    [["es.json"], "the command comes first: countersign doctor says what this is"],
    [[jwk], "the command comes first: countersign doctor says what this is"],
    [[hash], "the command comes first: countersign doctor says what this is"],
    [[SECRET], "there is no such command: countersign help lists all"],
    [["frobnicate"], "there is no command frobnicate: countersign help lists all"],
  ],
};

let cwd;
before((t) => {
  cwd = folder(t);
  writeFileSync(join(cwd, "es.json"), jwk);
  writeFileSync(join(cwd, "es.pem"), pem);
});

/** What no message may repeat. */
const PRIVATE = [SECRET, key.toJwk({ private: true }).d, pem.split("\n")[1], token.split(".")[2], hash.slice(30)];

for (const [where, cases] of Object.entries(CASES)) {
  test(`says_what_to_write_instead_of_${where.replaceAll(" ", "_")}`, async () => {
    const wrong = [];
    const waiting = [...cases];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [args, expected] = next;
        const { exitCode, stdout, stderr } = await countersign(args, { cwd, env: { P: "x" } });
        const message = stderr.match(/^countersign(?: \w+)?: (.*)$/m)?.[1];
        const isRight = typeof expected === "string" ? message === expected : expected.test(message);
        if (!isRight || exitCode !== 2 || stdout !== "")
          wrong.push({ args: args.join(" "), message, exitCode, stdout });
        assert.ok(!PRIVATE.some((text) => stderr.includes(text)), args.join(" "));
      }
    };
    await Promise.all([work(), work(), work()]);
    assert.deepEqual(wrong, []);
    assert.deepEqual(readdirSync(cwd).sort(), ["es.json", "es.pem"]);
  });
}

test("takes_a_value_where_a_command_takes_one_and_a_file_of_any_name", async (t) => {
  for (const [value, expected] of [
    [pem, /^a key as PEM\n/],
    [jwk, /^a key as JWK\n/],
    [set, /^a JWK Set with 1 usable key\n/],
  ]) {
    const { stdout, stderr } = await countersign(["doctor", value], { cwd });
    assert.match(stdout, expected);
    assert.match(stderr, /^warning: a value in an argument is visible/);
  }
  const others = folder(t);
  const names = ["{odd}.json", "[1]", SECRET, "-----BEGIN KEY.pem"];
  for (const name of names) {
    writeFileSync(join(others, name), jwk);
    const { exitCode } = await countersign(["sign", `--key=${name}`, "--subject", "alice"], { cwd: others });
    assert.equal(exitCode, 0, name);
  }
  const secret = await countersign(["hash", "--password-file", SECRET, "--memory-kib", "64"], { cwd: others });
  assert.equal(secret.exitCode, 0);
});
