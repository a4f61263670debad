// What the README and its neighbours state as fact, held against the sources.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { blocks, read, root, tableRows } from "./blocks.mjs";

const readme = read("README.md");
const TEXTS = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "examples/recipes/README.md",
];

/** Where each limit is defined: its row, and the patterns that find the row's numbers in the sources. */
const LIMITS = {
  token: [
    ["src/jwt/rules.rs", /MAX_TOKEN_LENGTH: usize = ([\d_]+);/],
    ["src/jwt/rules.rs", /\((1)\.\.=GREATEST_TOKEN_LENGTH\)/],
    ["src/jwt/rules.rs", /GREATEST_TOKEN_LENGTH: usize = ([\d_]+);/],
  ],
  "JSON in a token": [["src/jose/json.rs", /MAX_DEPTH: usize = (\d+);/]],
  JWS: [
    ["src/jws/options.rs", /MAX_LENGTH: usize = ([\d_]+);/],
    ["src/jws/options.rs", /\((1)\.\.=GREATEST_LENGTH\)/],
    ["src/jws/options.rs", /GREATEST_LENGTH: usize = ([\d_]+);/],
  ],
  "signatures of a JWS": [["src/jws.rs", /MAX_SIGNATURES: usize = (\d+);/]],
  "life of a token": [
    ["src/jwt/sign.rs", /EXPIRES_IN: Duration = Duration::constant\((\d+)\);/, (value) => value / 60],
  ],
  "`iat` ahead of the clock": [["src/jwt/rules.rs", /ISSUED_AHEAD: Duration = Duration::constant\((\d+)\);/]],
  "HMAC secret": ["Sha256", "Sha384", "Sha512"].map((name) => [
    "src/crypto/digest.rs",
    new RegExp(`Self::${name} => (\\d+),`),
  ]),
  password: limit("PASSWORD_BYTES"),
  "memory of an Argon2 hash": memory("MEMORY_KIB"),
  "passes of an Argon2 hash": limit("PASSES"),
  "lanes of an Argon2 hash, parallelism of scrypt": limit("LANES"),
  "memory of a scrypt hash": memory("SCRYPT_MEMORY_KIB"),
  "cost of a bcrypt hash": limit("BCRYPT_COST"),
  "iterations of a PBKDF2 hash": limit("PBKDF2_ITERATIONS"),
  "rounds of a SHA-crypt hash": limit("SHA_CRYPT_ROUNDS"),
  "password that bcrypt is to hash": [["src/password/bcrypt.rs", /PASSWORD_BYTES: usize = (\d+);/]],
  "key of a pepper": [
    ["src/password/pepper.rs", /LEAST_KEY_BYTES: usize = (\d+);/],
    ["src/password/pepper.rs", /MOST_KEY_BYTES: usize = (\d+);/],
  ],
  "id of a pepper": [
    ["src/password/pepper.rs", /\((\d)\.\.=\d\)\.contains\(&text\.len\(\)\)/],
    ["src/password/pepper.rs", /\(\d\.\.=(\d)\)\.contains\(&text\.len\(\)\)/],
  ],
  "stored hash": [["src/password/stored.rs", /MAX_STORED_BYTES: usize = (\d+);/]],
  "elements of an option that is an array": [["src/wasm/options.rs", /MOST_ELEMENTS: u32 = (\d+);/]],
  "memory the password module keeps": [["pkg/src/calls.ts", /MEMORY_KEPT = (\d+) \* 1024 \* 1024;/]],
  "threads for passwords": [["pkg/src/pool/shared.ts", /USUAL_THREADS = (\d+);/], ...pool("threads")],
  "passwords that wait for a thread": pool("queue"),
  "time a thread without work is kept": pool("idleMs"),
  "key set from a server": span("maxResponseBytes"),
  "time the server has": span("timeoutMs"),
  "time a cache of key sets has": [["pkg/src/remote/shared.ts", /CACHE_MS = (\d+);/]],
  "least age of a set before it is fetched again": span("minAge"),
  "greatest age of a set": span("maxAge"),
  "age of a set if the server does not say": [["pkg/src/remote/download.ts", /USUAL_SECONDS = (\d+);/]],
  "time between questions for unknown keys": span("cooldown"),
  "use of a set beyond its age while the server fails": span("staleIfError"),
  "pause after a failure of the server": [
    ["pkg/src/remote/keeper.ts", /FIRST_PAUSE_MS = (\w+);/, (value) => value / 1000],
    ["pkg/src/remote/keeper.ts", /LONGEST_PAUSE_MS = (\w+);/, (value) => value / 1000],
  ],
  "encrypted token": [
    ["src/jwe/decrypt.rs", /const MAX_LENGTH: usize = ([\d_]+);/],
    ["src/jwe/decrypt.rs", /\((1)\.\.=GREATEST_LENGTH\)/],
    ["src/jwe/decrypt.rs", /GREATEST_LENGTH: usize = ([\d_]+);/],
  ],
  "rounds that an encrypted token may ask of a password": [
    ["src/jwe/pbes2.rs", /const MAX_ITERATIONS: u32 = ([\d_]+);/],
    ["src/jwe/pbes2.rs", /const MIN_ITERATIONS: u32 = ([\d_]+);/],
    ["src/jwe/pbes2.rs", /const GREATEST_ITERATIONS: u32 = ([\d_]+);/],
  ],
  "password for a key": [["src/jwe/key/secret.rs", /MAX_PASSWORD_BYTES: usize = (\d+);/]],
  "new password": [
    ["pkg/src/strength/options.ts", /ONLY_FACTOR = (\d+);/],
    ["pkg/src/strength/options.ts", /ONE_OF_SEVERAL = (\d+);/],
    ["pkg/src/strength/options.ts", /ONE_OF_SEVERAL = (\d+);/],
    ["pkg/src/strength/options.ts", /LEAST_MAXIMUM = (\d+);/],
  ],
  "new password, at most": [
    ["pkg/src/strength/options.ts", /GREATEST_MAXIMUM = (\d+);/],
    ["pkg/src/strength/options.ts", /LEAST_MAXIMUM = (\d+);/],
    ["pkg/src/strength/options.ts", /GREATEST_MAXIMUM = (\d+);/],
  ],
  "what is looked into of a new password": [["pkg/src/strength/estimate.ts", /WINDOW = (\d+);/]],
  "words known of a user": [["pkg/src/strength/options.ts", /MAX_USER_INPUTS = (\d+);/]],
  "range of leaked passwords": [["pkg/src/strength/breaches.ts", /MAX_CHARACTERS = ([\d_]+);/]],
  "form of `tokenEndpoint`": [
    ["pkg/src/http/token.ts", /"maxBodyBytes", o\.maxBodyBytes, \d+, ([\d_]+), /],
    ["pkg/src/http/token.ts", /"maxBodyBytes", o\.maxBodyBytes, (\d+), /],
    ["pkg/src/http/token.ts", /"maxBodyBytes", o\.maxBodyBytes, \d+, [\d_]+, ([\d_]+)\)/],
  ],
};

/** An option of `RemoteKeySet`: what it is by default, the least and the most. */
function span(name) {
  const numbers = (group) => [0, 1, 2].map((place) => (place === group ? "(\\w+)" : "\\w+")).join(", ");
  return [1, 0, 2].map((group) => ["pkg/src/remote/options.ts", new RegExp(`${name}: \\[${numbers(group)}\\]`)]);
}

/** An option of `configurePasswordPool`: what it is by default, where that is a number, the least and the most. */
function pool(name) {
  const read = (least, usual, most) => [
    "pkg/src/pool/shared.ts",
    new RegExp(`"${name}", options\\.${name}, ${least}, ${usual}, ${most}\\)`),
  ];
  const usual = name === "threads" ? [] : [read("\\w+", "(\\w+)", "\\w+")];
  return [...usual, read("(\\w+)", "[\\w()]+", "\\w+"), read("\\w+", "[\\w()]+", "(\\w+)")];
}

function limit(name) {
  return ["default", "least", "most"].map((member) => [
    "src/password/limits.rs",
    new RegExp(`const ${name}: Limit = [^;]*\\b${member}: (\\w+)`),
  ]);
}

/** The most is that of WebAssembly. */
function memory(name) {
  const most = ["src/password/limits.rs", /MOST_MEMORY_KIB: u32 = if [^{]*"32"\) \{ (\w+) \}/];
  return [...limit(name).slice(0, 2), most];
}

const number = (text) => (text === "u32::MAX" || text === "u32" ? 2 ** 32 - 1 : Number(text.replaceAll("_", "")));

test("lists_the_limits_that_the_sources_set", () => {
  const rows = Object.fromEntries(tableRows(section("Limits")).map(([what, ...cells]) => [what, cells.join(" ")]));
  assert.deepEqual(Object.keys(rows).sort(), Object.keys(LIMITS).sort());
  for (const [what, sources] of Object.entries(LIMITS)) {
    const set = sources.map(([path, pattern, convert = (value) => value]) => {
      const found = read(path).match(pattern);
      assert.ok(found, `${path} does not set the limit of ${what}`);
      return convert(number(found[1]));
    });
    assert.deepEqual(
      rows[what]
        .replace(/`[^`]*`|UTF-(8|16)/g, "")
        .match(/\d+/g)
        .map(Number),
      set,
      what,
    );
  }
});

test("lists_every_error_code_once", () => {
  const declared = read("src/error.rs").match(/^error_codes! \{\n([\s\S]*?)^\}/m)[1];
  const codes = [...declared.matchAll(/^ {4}\w+ = "([A-Z_]+)",$/gm)].map(([, code]) => code);
  const listed = tableRows(section("Error codes")).map(([code]) => code.slice(1, -1));
  assert.deepEqual(listed.sort(), codes.sort());
});

test("sorts_the_codes_as_the_guard_does", () => {
  const [, pattern] = read("pkg/src/http/bearer.ts").match(/^const OF_THE_TOKEN = \/(.*)\/;$/m);
  for (const [code, , whose] of tableRows(section("Error codes"))) {
    assert.equal(new RegExp(pattern).test(code.slice(1, -1)), whose === "the token's bearer", code);
  }
});

test("says_of_each_code_what_the_declarations_say", () => {
  const declared = [...read("pkg/src/errors.ts").matchAll(/^ \* - `([A-Z_]+)`: (.*)\.$/gm)];
  const rows = tableRows(section("Error codes"));
  assert.deepEqual(
    rows.map(([code, meaning]) => [code.slice(1, -1), meaning]).sort(),
    declared.map(([, code, meaning]) => [code, meaning]).sort(),
  );
  for (const [code, , , answer] of rows) assert.ok(answer.length > 0, code);
});

test("lists_every_scheme_that_a_policy_accepts", () => {
  const types = read("pkg/src/password-types.ts");
  const unions = ["NewPasswordScheme", "PasswordScheme"].map(
    (name) => types.match(new RegExp(`export type ${name} =([^;]*);`))[1],
  );
  const schemes = unions.flatMap((union) => Array.from(union.matchAll(/"([^"]+)"/g), ([, scheme]) => scheme));
  const [, table] = section("Passwords").split("\n### Users of other systems\n");
  const listed = tableRows(table.split("\n### ")[0]).flatMap(([, , cell]) =>
    Array.from(cell.matchAll(/`([^`]+)`/g), ([, scheme]) => scheme),
  );
  assert.deepEqual([...new Set(listed)].sort(), schemes.sort());
});

test("links_within_the_readme_to_headings_that_exist", () => {
  const anchors = Array.from(readme.matchAll(/^#+ (.*)$/gm), ([, title]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
  const links = Array.from(readme.matchAll(/\]\(#([^)]+)\)/g), ([, anchor]) => anchor);
  assert.ok(15 < links.length);
  for (const link of links) assert.ok(anchors.includes(link), link);
});

test("lists_every_reason_against_a_new_password", () => {
  const [, union] = read("pkg/src/strength/check.ts").match(/export type PasswordReason = ([^;]*);/);
  const [, sentence] = section("New passwords").match(/^The reasons are ([^;]*);/m);
  const reasons = (text) => text.match(/[A-Z]+(_[A-Z]+)*/g).sort();
  assert.deepEqual(reasons(sentence), reasons(union));
});

test("names_the_budgets_that_are_enforced", () => {
  const budgets = read("tests/packaging/tarball.test.mjs").match(/^const BUDGETS = \{[^}]*\}/m)[0];
  const [argon2, jwe, jwt, password] = [...budgets.matchAll(/(\d+) \* 1024/g)].map(([, kib]) => kib);
  assert.ok(
    readme.includes(
      `${jwt} KiB (\`jwt\`), ${password} KiB (\`password\`), ${argon2} KiB (\`argon2\`) and ${jwe} KiB (\`jwe\`)`,
    ),
  );
});

test("names_every_entry_of_the_package", () => {
  const { exports } = JSON.parse(read("pkg/package.json"));
  const entries = Object.keys(exports).map((path) => path.replace(/^\./, "countersign"));
  const named = tableRows(section("Install")).flatMap((cells) => cells.join(" ").match(/`countersign[\w./-]*`/g));
  const expected = entries.filter((entry) => entry !== "countersign/package.json");
  assert.deepEqual(named.map((name) => name.slice(1, -1)).sort(), expected.sort());
});

test("names_every_piece_of_the_tutorial_with_its_counterpart", () => {
  const rows = tableRows(section("From the FastAPI tutorial"));
  const pieces = [
    "OAuth2PasswordBearer",
    "OAuth2PasswordRequestForm",
    "Depends(get_current_user)",
    "create_access_token(data, expires_delta)",
    "CryptContext(",
    'deprecated="auto"',
    "pwd_context.hash",
    "pwd_context.verify(",
    "jwt.encode",
    "jwt.decode",
    "JWTError",
    "SECRET_KEY =",
    "ALGORITHM =",
    "ACCESS_TOKEN_EXPIRE_MINUTES",
    "POST /token",
    "GET /users/me",
    "WWW-Authenticate: Bearer",
    "scopes",
  ];
  for (const piece of pieces)
    assert.ok(
      rows.some(([there]) => there.includes(piece)),
      piece,
    );
  for (const [there, here] of rows) assert.ok(here.length > 0, there);
});

test("runs_only_commands_that_exist", () => {
  const { scripts } = JSON.parse(read("package.json"));
  for (const path of TEXTS) {
    for (const [, name] of read(path).matchAll(/\bnpm run ([\w:-]+)/g)) assert.ok(scripts[name], `${path}: ${name}`);
  }
  const { version } = JSON.parse(read("pkg/package.json"));
  assert.ok(readme.includes(`countersign-${version}.tgz`));
  assert.match(read("CHANGELOG.md"), new RegExp(`^## ${version.replaceAll(".", "\\.")}`, "m"));
  assert.ok(readme.includes(`Rust ${read("Cargo.toml").match(/^rust-version = "(.+)"$/m)[1]} or later`));
});

for (const path of TEXTS) {
  test(`links_from_${path}_to_what_exists`, () => {
    for (const [, target] of read(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^(https?|mailto):/.test(target)) continue;
      assert.ok(existsSync(join(root, dirname(path), target)), target);
    }
    // A block without a language would be taken for Rust by rustdoc.
    for (const { language } of blocks(read(path))) assert.notEqual(language, "");
  });
}

function section(title) {
  const [, text] = readme.split(`\n## ${title}\n`);
  assert.ok(text, `the README has no section "${title}"`);
  return text.split("\n## ")[0];
}
