// What the documents state as fact, compared with the sources.

import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { Key, sign, verify } from "countersign/jwt";
import { PasswordHasher } from "countersign/password";
import { build } from "esbuild";
import { createVerifier } from "fast-jwt";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";
import { FOLDER, published, rendered } from "../../benches/publish.mjs";
import { CONVERTED } from "../import/rows.mjs";
import { blocks, DECISIONS, PAGES, read, root, section, tableRows } from "./blocks.mjs";

const TEXTS = [
  ...PAGES,
  ...DECISIONS,
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(join(root, "docs/issuers")).map((name) => `docs/issuers/${name}`),
  ...readdirSync(join(root, "examples/recipes")).map((name) => `examples/recipes/${name}`),
  "examples/deno/README.md",
  "examples/hono-d1/README.md",
  "examples/node/README.md",
  "examples/worker/README.md",
  "tests/vectors/README.md",
];

/** Where each limit is defined: its row, and the patterns that find the row's numbers in the sources. */
const LIMITS = {
  token: [
    ["src/jwt/rules.rs", /MAX_TOKEN_LENGTH: usize = ([\d_]+);/],
    ["src/jwt/rules.rs", /\((1)\.\.=LARGEST_MAX_TOKEN_LENGTH\)/],
    ["src/jwt/rules.rs", /LARGEST_MAX_TOKEN_LENGTH: usize = ([\d_]+);/],
  ],
  "JSON in a token": [["src/jose/json/value.rs", /MAX_DEPTH: usize = (\d+);/]],
  JWS: [
    ["src/jws/options.rs", /MAX_LENGTH: usize = ([\d_]+);/],
    ["src/jws/options.rs", /\((1)\.\.=LARGEST_MAX_LENGTH\)/],
    ["src/jws/options.rs", /LARGEST_MAX_LENGTH: usize = ([\d_]+);/],
  ],
  "signatures of a JWS": [["src/jws/members.rs", /MAX_SIGNATURES: usize = (\d+);/]],
  "published keys of a `KeyRing`, before `rotate` refuses all but `withdraw`": [
    ["pkg/src/key-ring/schedule.ts", /MOST_KEYS = (\d+);/],
  ],
  "answer of a signer or decrypter elsewhere": [["pkg/src/elsewhere.ts", /MAX_ANSWER_BYTES = ([\d_]+);/]],
  "lifetime of a token": [
    ["src/jwt/sign.rs", /DEFAULT_LIFETIME: Duration = Duration::constant\((\d+)\);/, (value) => value / 60],
  ],
  "duration in an option, such as `expiresIn`": [
    ["src/jose/duration.rs", /FIRST_TIME: f64 = ([\d_]+)\.0;/],
    ["src/jose/duration.rs", /MAX_SECONDS: f64 = ([\d_]+)\.0;/],
  ],
  "`iat` ahead of the clock": [["src/jwt/rules.rs", /MAX_ISSUED_AHEAD: Duration = Duration::constant\((\d+)\);/]],
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
  "password for a new bcrypt hash": [["src/password/schemes/bcrypt.rs", /PASSWORD_BYTES: usize = (\d+);/]],
  "key of a pepper": [
    ["src/password/pepper.rs", /LEAST_KEY_BYTES: usize = (\d+);/],
    ["src/password/pepper.rs", /MOST_KEY_BYTES: usize = (\d+);/],
  ],
  "`argon2Secret` of stored hashes": [
    ["src/password/pepper.rs", /"argon2Secret\\" is (empty)"/, () => 1],
    ["src/password/pepper.rs", /MOST_KEY_BYTES: usize = (\d+);/],
  ],
  "tag of a stored Argon2 hash": [
    ["src/password/formats/argon2_phc.rs", /LEAST_TAG_BYTES: usize = (\d+);/],
    ["src/password/formats/argon2_phc.rs", /MOST_TAG_BYTES: usize = (\d+);/],
  ],
  "account that a hash is bound to": [
    ["src/password/hasher.rs", /not (\d+) to \d+ bytes long/],
    ["src/password/hasher.rs", /MOST_ACCOUNT_BYTES: usize = (\d+);/],
  ],
  "id of a pepper": [
    ["src/password/pepper.rs", /\((\d)\.\.=\d\)\.contains\(&text\.len\(\)\)/],
    ["src/password/pepper.rs", /\(\d\.\.=(\d)\)\.contains\(&text\.len\(\)\)/],
  ],
  "stored hash": [["src/password/formats/format.rs", /MAX_STORED_BYTES: usize = (\d+);/]],
  "array in an option, members of an object": [["src/wasm/object.rs", /MOST: u32 = (\d+);/]],
  "keys in a JWK Set": [["src/jose/key_set.rs", /MAX_KEYS: usize = ([\d_]+);/]],
  "memory that the password module keeps": [["pkg/src/hashing.ts", /KEPT_BYTES = (\d+) \* 1024 \* 1024;/]],
  "password threads": [["pkg/src/pool/password-pool.ts", /MOST_DEFAULT_THREADS = (\d+);/], ...pool("threads")],
  "password tasks in the queue": pool("queue"),
  "time that an idle thread is kept": pool("idleMs"),
  "response of the key server": span("maxResponseBytes"),
  "time for the key server": span("timeoutMs"),
  "time for a signer or decrypter elsewhere": [
    ["pkg/src/external-signer.ts", /DEFAULT_TIMEOUT_MS = ([\d_]+);/],
    ["pkg/src/external-signer.ts", /timeoutMs < (\d+)/],
    ["pkg/src/external-decrypter.ts", /([\d_]+) < timeoutMs/],
  ],
  "time for a cache of key sets": [["pkg/src/remote/shared-cache.ts", /CACHE_TIMEOUT_MS = (\d+);/]],
  "minimum age before a refresh": span("minAge"),
  "maximum age before a refresh": span("maxAge"),
  "age if the server does not give one": [["pkg/src/remote/download.ts", /DEFAULT_LIFETIME_SECONDS = (\d+);/]],
  "time between requests for unknown keys": span("cooldown"),
  "use of an old set while the server fails": span("staleIfError"),
  "pause after a failed request": [
    ["pkg/src/remote/refresher.ts", /FIRST_PAUSE_MS = (\w+);/, (value) => value / 1000],
    ["pkg/src/remote/refresher.ts", /LONGEST_PAUSE_MS = (\w+);/, (value) => value / 1000],
  ],
  "encrypted token": [
    ["src/jwe/decrypt.rs", /const MAX_LENGTH: usize = ([\d_]+);/],
    ["src/jwe/decrypt.rs", /\((1)\.\.=LARGEST_MAX_LENGTH\)/],
    ["src/jwe/decrypt.rs", /LARGEST_MAX_LENGTH: usize = ([\d_]+);/],
  ],
  "content of a compressed token": [
    ["src/jwe/decrypt.rs", /const MAX_DECOMPRESSED_LENGTH: usize = ([\d_]+);/],
    ["src/jwe/decrypt.rs", /is not between (0) and/],
    ["src/jwe/decrypt.rs", /LARGEST_MAX_LENGTH: usize = ([\d_]+);/],
  ],
  "recipients of a JWE in JSON": [["src/jwe/decrypt_json.rs", /MAX_RECIPIENTS: usize = (\d+);/]],
  "PBKDF2 iterations of an encrypted token": [
    ["src/jwe/pbes2.rs", /const MAX_ITERATIONS: u32 = ([\d_]+);/],
    ["src/jwe/pbes2.rs", /const MIN_ITERATIONS: u32 = ([\d_]+);/],
    ["src/jwe/pbes2.rs", /const LARGEST_MAX_ITERATIONS: u32 = ([\d_]+);/],
  ],
  "password of an encryption key": [["src/jwe/key/secret.rs", /MAX_PASSWORD_BYTES: usize = (\d+);/]],
  "new password, minimum": [
    ["pkg/src/strength/options.ts", /ONLY_FACTOR = (\d+);/],
    ["pkg/src/strength/options.ts", /ONE_OF_SEVERAL = (\d+);/],
    ["pkg/src/strength/options.ts", /ONE_OF_SEVERAL = (\d+);/],
    ["pkg/src/strength/options.ts", /LEAST_MAXIMUM = (\d+);/],
  ],
  "new password, maximum": [
    ["pkg/src/strength/options.ts", /GREATEST_MAXIMUM = (\d+);/],
    ["pkg/src/strength/options.ts", /LEAST_MAXIMUM = (\d+);/],
    ["pkg/src/strength/options.ts", /GREATEST_MAXIMUM = (\d+);/],
  ],
  "part of a new password that is analyzed": [["pkg/src/strength/estimate.ts", /WINDOW = (\d+);/]],
  "words known about a user": [["pkg/src/strength/options.ts", /MAX_USER_INPUTS = (\d+);/]],
  "response of a list of leaked passwords": [["pkg/src/strength/breaches.ts", /MAX_CHARACTERS = ([\d_]+);/]],
  "form of `tokenEndpoint`": option("pkg/src/http/token.ts", "maxBodyBytes"),
  "log-in of `cookieSession`": option("pkg/src/http/cookie-options.ts", "maxBodyBytes"),
  "cookies of `cookieSession`": [["pkg/src/http/cookie-jar.ts", /MAX_COOKIE = (\d+);/]],
  "`next` of `cookieSession`": [["pkg/src/http/page.ts", /MAX_PATH = (\d+);/]],
  "lifetime of a one-time token": [
    ["pkg/src/session/one-time.ts", /lifetime\((\d+)\)/, (seconds) => seconds / 60],
    ["pkg/src/session/one-time.ts", /LONGEST = (\d+) \* 24 \* 3600;/],
  ],
  "characters of a user name whose spellings are counted together": [
    ["pkg/src/http/account-name.ts", /LONGEST = (\d+);/],
  ],
  "failed log-ins in a row of an account": [
    ["pkg/src/http/throttle.ts", /MOST_FAILURES = (\d+);/],
    ["pkg/src/http/throttle.ts", /lockAfter: wholeNumber\((1), MOST_FAILURES, MOST_FAILURES\)/],
    ["pkg/src/http/throttle.ts", /MOST_FAILURES = (\d+);/],
  ],
  "secret of `Sessions`": [["pkg/src/secrets.ts", /SECRET_BYTES = (\d+);/]],
  "`client` of a session": [["pkg/src/session.ts", /MAX_CLIENT = (\d+);/]],
  "time for which a used refresh token is answered again": [
    ["pkg/src/session/options.ts", /grace: upTo\((\d+)\)/],
    ["pkg/src/session/options.ts", /value === (0)/],
    ["pkg/src/session/options.ts", /LONGEST_GRACE = (\d+);/],
  ],
  "DPoP proof": [["pkg/src/dpop/verifier.ts", /MAX_PROOF_LENGTH = (\d+);/]],
  "`jti` of a DPoP proof": [["pkg/src/dpop/verifier.ts", /MAX_JTI_LENGTH = (\d+);/]],
  "keys that a `DpopVerifier` remembers": [["pkg/src/dpop/proof-keys.ts", /MOST_KEYS = (\d+);/]],
  "age of a DPoP proof, or of a nonce": [
    ["pkg/src/dpop/verifier.ts", /lifetime\((\d+)\)/],
    ["pkg/src/dpop/verifier.ts", /HOUR = (\d+);/, (seconds) => seconds / 3600],
  ],
  "tokens that a `Verifier` remembers": [
    ["pkg/src/token-cache.ts", /maxEntries: wholeNumber\(\d+, (\d+), /],
    ["pkg/src/token-cache.ts", /maxEntries: wholeNumber\((\d+), /],
    ["pkg/src/token-cache.ts", /MOST_ENTRIES = ([\d_]+);/],
  ],
  "headers that a `Verifier` remembers": [
    ["src/jwt/known_headers.rs", /MAX_COUNT: usize = (\d+);/],
    ["src/jwt/known_headers.rs", /MAX_LENGTH: usize = (\d+);/],
  ],
  "sessions that `isLive` remembers": [["pkg/src/session/live-cache.ts", /MAX_ENTRIES = ([\d_]+);/]],
  "rows of `memoryStore`": option("pkg/src/stores/memory.ts", "maxRows"),
  "Durable Objects of `durableObjectStore`": [
    ["pkg/src/stores/durable-object.ts", /shards: wholeNumber\(1, (\d+), 256\)/],
    ["pkg/src/stores/durable-object.ts", /shards: wholeNumber\((1), 8, 256\)/],
    ["pkg/src/stores/durable-object.ts", /shards: wholeNumber\(1, 8, (256)\)/],
  ],
  "time for a store": [["pkg/src/stores/store.ts", /TIMEOUT_MS = (\d+);/]],
  "key, token or other input that `countersign` reads as a whole": [
    ["pkg/src/cli/files.ts", /MAX_INPUT_BYTES = ([\d_]+);/],
  ],
  "row of an export that `countersign import` reads": [["pkg/src/cli/rows.ts", /MAX_ROW_BYTES = ([\d_]+);/]],
  '`status: "retired"` of a key that `countersign rotate` has replaced': [
    ["pkg/src/cli/commands/rotate.ts", /KEEP_FOR = "(\d+)d";/],
  ],
  "rest of a body that `onNode` discards": [["pkg/src/http/node-body.ts", /MAX_DISCARDED = ([\d_]+);/]],
};

/** The default, the minimum and the maximum of an option of `RemoteKeySet`. */
function span(name) {
  return option("pkg/src/remote/options.ts", name);
}

/** The default (if it is a number), the minimum and the maximum of an option of `configurePasswordPool`. */
function pool(name) {
  const all = option("pkg/src/pool/password-pool.ts", name);
  return name === "threads" ? all.slice(1) : all;
}

/** The default, the minimum and the maximum of an option that is a whole number. */
function option(path, name) {
  const numbers = (group) => [0, 1, 2].map((place) => (place === group ? "([\\w()]+)" : "[\\w()]+")).join(", ");
  return [1, 0, 2].map((group) => [path, new RegExp(`${name}: wholeNumber\\(${numbers(group)}\\)`)]);
}

function limit(name) {
  return ["default", "least", "most"].map((member) => [
    "src/password/limits.rs",
    new RegExp(`const ${name}: Limit = [^;]*\\b${member}: (\\w+)`),
  ]);
}

/** The maximum is that of WebAssembly. */
function memory(name) {
  const most = ["src/password/limits.rs", /MOST_MEMORY_KIB: u32 = if [^{]*"32"\) \{ (\w+) \}/];
  return [...limit(name).slice(0, 2), most];
}

const number = (text) => (text === "u32::MAX" || text === "u32" ? 2 ** 32 - 1 : Number(text.replaceAll("_", "")));

test("lists_the_limits_that_the_sources_set", () => {
  const [head] = read("docs/limits.md").split("\n## How long key generation takes\n");
  const rows = Object.fromEntries(tableRows(head).map(([what, ...cells]) => [what, cells.join(" ")]));
  assert.deepEqual(Object.keys(rows).sort(), Object.keys(LIMITS).sort());
  for (const [what, sources] of Object.entries(LIMITS)) {
    const set = sources.map(([path, pattern, convert = (value) => value]) => {
      const found = read(path).match(pattern);
      assert.ok(found, `${path} does not set the limit of ${what}`);
      return convert(number(found[1]));
    });
    assert.deepEqual(
      rows[what]
        .replace(/`[^`]*`|UTF-(8|16)|PBKDF2/g, "")
        .match(/\d+/g)
        .map(Number),
      set,
      what,
    );
  }
});

test("states_the_memory_limit_of_64_bit_systems", () => {
  const [, most] = read("src/password/limits.rs").match(/MOST_MEMORY_KIB: u32 = if [^}]*\} else \{ ([\d_]+) \}/);
  assert.ok(read("docs/limits.md").includes(`the Rust crate allows limits of up to ${number(most)} KiB`));
});

const ERRORS = "docs/errors.md";
const codesOf = (text) => tableRows(text).map(([code]) => code.slice(1, -1));

test("lists_every_error_code_once", () => {
  const declared = read("src/error.rs").match(/^error_codes! \{\n([\s\S]*?)^\}/m)[1];
  const codes = [...declared.matchAll(/^ {4}\w+ = "([A-Z_]+)",$/gm)].map(([, code]) => code);
  assert.deepEqual(codesOf(read(ERRORS)).sort(), codes.sort());
});

test("sorts_the_codes_as_the_guard_does", () => {
  const [, pattern] = read("pkg/src/http/verify-token.ts").match(/^const TOKEN_CODES = \/(.*)\/;$/m);
  const ofTheToken = codesOf(section(ERRORS, "The token is at fault"));
  const matching = codesOf(read(ERRORS)).filter((code) => new RegExp(pattern).test(code));
  assert.deepEqual(ofTheToken.sort(), matching.sort());
});

test("explains_each_code_as_the_declarations_do_and_says_what_to_answer", () => {
  const declared = [...read("pkg/src/errors.ts").matchAll(/^ \* - `([A-Z_]+)`: (.*)\.$/gm)];
  const rows = tableRows(read(ERRORS));
  assert.deepEqual(
    rows.map(([code, meaning]) => [code.slice(1, -1), meaning]).sort(),
    declared.map(([, code, meaning]) => [code, meaning]).sort(),
  );
  for (const [, title, text] of read(ERRORS).matchAll(/^## (.*)\n([^#]*)/gm)) {
    assert.match(text, /\b[Aa]nswer (401|500|503)\b/, title);
  }
});

test("lists_every_scheme_that_a_policy_accepts", () => {
  const types = read("pkg/src/password-types.ts");
  const unions = ["NewPasswordScheme", "PasswordScheme"].map(
    (name) => types.match(new RegExp(`export type ${name} =([^;]*);`))[1],
  );
  const schemes = unions.flatMap((union) => Array.from(union.matchAll(/"([^"]+)"/g), ([, scheme]) => scheme));
  const listed = tableRows(section("docs/migrating-users.md", "Which hashes are accepted")).flatMap(([, , cell]) =>
    Array.from(cell.matchAll(/`([^`]+)`/g), ([, scheme]) => scheme),
  );
  assert.deepEqual([...new Set(listed)].sort(), schemes.sort());
});

test("names_the_converted_hashes_that_only_the_module_with_every_format_checks", () => {
  const hasher = new PasswordHasher();
  const isUnread = (stored) => {
    try {
      hasher.describe(stored);
      return false;
    } catch ({ message }) {
      return message.includes("countersign/formats");
    }
  };
  const unread = CONVERTED.flatMap(([, , , stored]) =>
    stored === null || !isUnread(stored) ? [] : stored.match(/^(\$\w+\$|\{\w+\})/)[0],
  );
  const text = section("docs/migrating-users.md", "Users from an export or from several columns");
  const named =
    text.match(/Only `countersign\/formats` checks these converted hashes: ([^.]*)\./)?.[1].match(/`[^`]+`/g) ?? [];
  assert.deepEqual(named.map((name) => name.slice(1, -1)).sort(), [...new Set(unread)].sort());
});

test("lists_every_reason_against_a_new_password", () => {
  const [, union] = read("pkg/src/strength/check.ts").match(/export type PasswordReason = ([^;]*);/);
  const reasons = (text) => text.match(/[A-Z]+(_[A-Z]+)*/g).sort();
  const listed = tableRows(section("docs/passwords.md", "Check new passwords")).map(([cell]) => cell);
  assert.deepEqual(reasons(listed.join(" ")), reasons(union));
});

test("names_the_budgets_that_are_enforced", () => {
  const budgets = read("tests/packaging/tarball.test.mjs").match(/^const BUDGETS = \{[^}]*\}/m)[0];
  const enforced = Array.from(budgets.matchAll(/"dist\/([\w-]+)\.wasm": (\d+) \* 1024/g), ([, name, kib]) => [
    name,
    kib,
  ]);
  const modules = readdirSync(join(root, "pkg/dist")).filter((name) => name.endsWith(".wasm"));
  assert.deepEqual(enforced.map(([name]) => `${name}.wasm`).sort(), modules.sort());
  const [stated] = read("docs/benchmarks.md").match(/`npm test` fails if a module grows beyond [^.]*\./);
  const named = Array.from(stated.matchAll(/(\d+)\sKiB\s\(`([\w-]+)`\)/g), ([, kib, name]) => [name, kib]);
  assert.deepEqual(named.sort(), enforced.sort());
});

test("states_what_a_page_loads_to_make_proofs", async () => {
  const { outputFiles } = await build({
    bundle: true,
    format: "esm",
    minify: true,
    stdin: { contents: 'export { DpopSigner } from "countersign/dpop";', resolveDir: join(root, "tests") },
    write: false,
  });
  const kilobytes = gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000;
  const [, stated] = read("docs/dpop.md").match(/The page loads ([\d.]+) KB \(minified by esbuild, gzipped\)/);
  assert.ok(Math.abs(stated - kilobytes) < 0.05 * kilobytes, `${kilobytes.toFixed(1)} KB`);
});

test("shows_only_figures_of_the_measured_run", () => {
  const results = published();
  assert.ok(results.whole && 15 <= results.rounds);
  const files = rendered(results);
  const advice = "run npm run bench:docs and commit what it writes";
  for (const [path, text] of Object.entries(files)) assert.equal(read(path), text, `${path}: ${advice}`);
  const names = Object.keys(files).filter((path) => path.startsWith(`${FOLDER}/`));
  assert.deepEqual(readdirSync(root + FOLDER).sort(), names.map((path) => path.slice(FOLDER.length + 1)).sort());
});

test("charts_can_be_read_in_the_dark_and_on_a_telephone", () => {
  const drawn = readdirSync(root + FOLDER).filter((name) => name.endsWith(".svg"));
  assert.ok(10 < drawn.length);
  for (const name of drawn) {
    const svg = read(`${FOLDER}/${name}`);
    assert.match(svg, /@media\(prefers-color-scheme:dark\)/, name);
    assert.match(svg, /^<svg [^>]*viewBox="0 0 400 \d+"/, name);
    // 400 units fit into 328 pixels, beside margins: the smallest text has nine.
    for (const [, size] of svg.matchAll(/font(?:-size)?:(\d+)px/g)) assert.ok(11 <= Number(size), name);
    assert.ok(read("docs/benchmarks.md").includes(`(benchmarks/${name})`), name);
  }
});

test("names_every_entry_of_the_package", () => {
  const { exports } = JSON.parse(read("pkg/package.json"));
  const entries = Object.keys(exports).map((path) => path.replace(/^\./, "countersign"));
  const named = tableRows(section("docs/README.md", "Which import to use")).flatMap(([cell]) =>
    cell.match(/`countersign[\w./-]*`/g),
  );
  const expected = entries.filter((entry) => entry !== "countersign/package.json");
  assert.deepEqual(named.map((name) => name.slice(1, -1)).sort(), expected.sort());
});

test("lists_every_page_and_every_decision_in_its_index", () => {
  for (const [folder, paths] of [
    ["docs", PAGES.filter((path) => path.startsWith("docs/"))],
    ["docs/decisions", DECISIONS],
  ]) {
    const linked = tableRows(read(`${folder}/README.md`)).flatMap((cells) =>
      Array.from(cells.join(" ").matchAll(/\]\(([^)#]+\.md)\)/g), ([, target]) => join(folder, target)),
    );
    for (const path of paths.filter((each) => !each.endsWith("README.md"))) assert.ok(linked.includes(path), path);
  }
});

test("names_every_piece_of_the_tutorial_with_its_counterpart", () => {
  const rows = tableRows(section("README.md", "From the FastAPI tutorial"));
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

test("names_every_piece_of_todays_tutorial_with_its_counterpart", () => {
  const rows = tableRows(section("docs/moving-from-fastapi.md", "Today's tutorial (PyJWT and pwdlib)"));
  const pieces = [
    "PasswordHash.recommended()",
    "password_hash.hash",
    "password_hash.verify(",
    "DUMMY_HASH",
    "jwt.encode",
    "jwt.decode",
    "InvalidTokenError",
    "get_current_active_user",
  ];
  for (const piece of pieces)
    assert.ok(
      rows.some(([there, here]) => there.includes(piece) && here.length > 0),
      piece,
    );
});

test("keeps_the_readme_to_250_lines_and_the_architecture_to_200", () => {
  const lines = (path) => read(path).trimEnd().split("\n").length;
  assert.ok(lines("README.md") <= 250, `README.md has ${lines("README.md")} lines`);
  assert.ok(lines("ARCHITECTURE.md") <= 200, `ARCHITECTURE.md has ${lines("ARCHITECTURE.md")} lines`);
});

test("compares_with_what_the_other_libraries_have_and_do", async () => {
  const rows = Object.fromEntries(
    tableRows(section("README.md", "How it compares")).map(([what, ...cells]) => [what, cells]),
  );
  const dependencies = ["pkg", "jose", "jsonwebtoken", "fast-jwt", "hash-wasm"].map((name) => {
    const path = name === "pkg" ? "pkg/package.json" : `node_modules/${name}/package.json`;
    return Object.keys(JSON.parse(read(path)).dependencies ?? {}).length;
  });
  assert.deepEqual(rows.dependencies.slice(0, 5).map(Number), dependencies);

  const secret = "0123456789abcdef0123456789abcdef";
  const key = Key.fromSecret(secret, { alg: "HS256" });
  const verifiers = [
    (token) => verify(token, key),
    (token) => jose.jwtVerify(token, new TextEncoder().encode(secret)),
    (token) => jsonwebtoken.verify(token, secret),
    (token) => createVerifier({ key: secret })(token),
  ];
  const refuses = (token) =>
    Promise.all(
      verifiers.map(async (check) => {
        try {
          await check(token);
          return "no";
        } catch {
          return "yes";
        }
      }),
    );
  assert.deepEqual(await refuses(sign({}, key)), ["no", "no", "no", "no"]);
  const endless = sign({}, key, { expiresIn: null });
  assert.deepEqual(await refuses(endless), rows["refuses a token without `exp`, by default"].slice(0, 4));
  const forOthers = sign({}, key, { audience: "https://api.example" });
  assert.deepEqual(await refuses(forOthers), rows["refuses an `aud` that you did not name"].slice(0, 4));

  const generated = Key.generate("EdDSA").toPem({ private: true });
  assert.throws(() => jsonwebtoken.sign({}, generated, { algorithm: "EdDSA" }));
  assert.equal(rows["Ed25519 signatures"][2], "no");
});

test("names_only_what_jose_and_this_package_have", () => {
  const rows = tableRows(read("docs/moving-from-jose.md")).map(([there, here]) => [there, here ?? ""]);
  const names = (cell) => Array.from(cell.matchAll(/`(?:new )?([A-Za-z]\w+)[`(.]/g), ([, name]) => name);
  const calls = ["Calls", "Keys"].flatMap((title) => tableRows(section("docs/moving-from-jose.md", title)));
  // Of the platform, and members of keys and tokens.
  const ofNeither = ["CryptoKey", "KeyObject", "alg", "dir", "iss", "key", "kid"];
  const theirs = calls.flatMap(([there]) => names(there)).filter((name) => !ofNeither.includes(name));
  assert.ok(20 < theirs.length);
  for (const name of theirs) assert.ok(name in jose, name);
  const codes = rows.flatMap(([there]) => there.match(/ERR_\w+/g) ?? []);
  const known = Object.values(jose.errors).map(({ code }) => code);
  assert.ok(4 < codes.length);
  for (const code of codes) assert.ok(known.includes(code), code);
  const ours = calls.flatMap(([, here]) => names(here)).filter((name) => !ofNeither.includes(name));
  const exported = ["issuers", "jwe", "jws", "jwt"].flatMap((entry) =>
    read(`pkg/src/${entry}.ts`).match(/\b[A-Za-z]\w+/g),
  );
  for (const name of ours) assert.ok(exported.includes(name), name);
});

test("names_only_codes_that_exist", () => {
  const declared = read("src/error.rs").match(/^error_codes! \{\n([\s\S]*?)^\}/m)[1];
  const pattern = /\b(?:TOKEN|CLAIMS?|KEY|HASH|PASSWORD|JWKS|OPTION|DECRYPTION|BREACHES)_[A-Z_]*[A-Z]\b/g;
  for (const path of TEXTS) {
    const prose = read(path).replaceAll(/ERR_\w+|PASSWORD_HASHERS|SIGNING_KEY/g, "");
    for (const code of prose.match(pattern) ?? []) assert.ok(declared.includes(`"${code}"`), `${path}: ${code}`);
  }
});

test("runs_only_commands_that_exist", () => {
  const { scripts } = JSON.parse(read("package.json"));
  for (const path of TEXTS) {
    for (const [, name] of read(path).matchAll(/\bnpm run ([\w:-]+)/g)) assert.ok(scripts[name], `${path}: ${name}`);
    // Programs of this repository that a text tells its reader to run.
    for (const [, file] of read(path).matchAll(/\bnode (?:--test )?((?:tests|tools|benches)\/[\w./-]+\.mjs)/g)) {
      assert.ok(existsSync(join(root, file)), `${path}: ${file}`);
    }
  }
  const { version } = JSON.parse(read("pkg/package.json"));
  const readme = read("README.md");
  assert.ok(readme.includes(`countersign-${version}.tgz`));
  assert.match(read("CHANGELOG.md"), new RegExp(`^## ${version.replaceAll(".", "\\.")}`, "m"));
  const [, rust] = read("Cargo.toml").match(/^rust-version = "(.+)"$/m);
  assert.ok(readme.includes(`Rust, ${rust} or later`));
  assert.ok(read("docs/rust.md").includes(`Rust ${rust} or later`));
});

test("describes_every_operation_of_the_vectors", () => {
  const named = tableRows(section("tests/vectors/README.md", "What a case contains")).flatMap(([cell]) =>
    Array.from(cell.matchAll(/`(\w+)`/g), ([, name]) => name),
  );
  const files = readdirSync(join(root, "tests/vectors")).filter((name) => name.endsWith(".json"));
  const used = files.flatMap((name) => JSON.parse(read(`tests/vectors/${name}`)).cases.map(({ op }) => op));
  for (const op of new Set(used)) assert.ok(named.includes(op), op);
});

for (const path of TEXTS) {
  test(`links_from_${path}_to_what_exists`, () => {
    for (const [, target, anchor] of read(path).matchAll(/\]\(([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      if (/^(https?|mailto):/.test(target)) continue;
      const file = target === "" ? path : join(dirname(path), target);
      assert.ok(existsSync(join(root, file)), target);
      if (anchor !== undefined) assert.ok(anchorsOf(file).includes(anchor), `${target}#${anchor}`);
    }
    // A block without a language would be taken for Rust by rustdoc.
    for (const { language } of blocks(read(path))) assert.notEqual(language, "");
  });
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(path) {
  return Array.from(read(path).matchAll(/^#+ (.*)$/gm), ([, title]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}
