// Two copies of the package in one program: a library brings one in its bundle, the application imports another. Also ES modules
// beside CommonJS modules. What can work across copies works; what cannot says so.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as esbuild from "esbuild";
import { makeConsumer } from "../runtimes/consumer.mjs";
import { bundlers } from "./bundle.mjs";

/** What a library exports that uses the package inside: the package itself, as far as the program needs it. */
const LIBRARY = `export * from "countersign";
export { bearerGuard } from "countersign/http";
export { EncryptionKey, encrypt } from "countersign/jwe";
`;

/** What goes from one copy to the other. */
const USE = `export async function use(ours, theirs) {
  const thrown = (call) => {
    try {
      return call();
    } catch (error) {
      return error;
    }
  };
  const { CountersignError, Key, KeySet, PasswordHasher, Verifier, sign, verify } = ours;
  if (CountersignError === theirs.CountersignError) throw new Error("there is only one copy");

  const error = thrown(() => theirs.verify("a.b", theirs.Key.generate("HS256")));
  const ownError = thrown(() => verify("a.b", Key.generate("HS256")));
  class Extended extends CountersignError {}
  const errors = {
    code: error.code,
    isOurs: error instanceof CountersignError,
    isTheirs: ownError instanceof theirs.CountersignError,
    isOwn: ownError instanceof CountersignError,
    isExtended: new Extended("INTERNAL", "x") instanceof Extended && new Extended("INTERNAL", "x") instanceof theirs.CountersignError,
    others: [ownError, error].some((each) => each instanceof Extended),
    strangers: [new Error("x"), { code: "INTERNAL" }, null, undefined, "x"].some((each) => each instanceof CountersignError),
  };

  // Text crosses: tokens, JWKs, hashes.
  const key = Key.generate("EdDSA");
  const theirKey = theirs.Key.fromJwk(key.toJwk({ private: true }));
  const token = theirs.sign({ sub: "alice" }, theirKey, { audience: "api" });
  const texts = {
    sub: verify(token, key, { audience: "api" }).claims.sub,
    back: theirs.verify(sign({ sub: "bob" }, key), theirKey.publicKey()).claims.sub,
    hash: new theirs.PasswordHasher().verify("right", new PasswordHasher().hash("right")).ok,
  };

  // Objects with methods cross: a guard uses the verifier of another copy, and blames the bearer for a bad token.
  const guard = ours.bearerGuard(new theirs.Verifier(theirKey, { audience: "api" }));
  const ask = (sent) => guard(new Request("https://api.example/", { headers: { Authorization: "Bearer " + sent } }));
  const objects = { sub: (await ask(token)).claims.sub, refused: (await ask(token + "x")).status };

  // Handles do not: each is a number in the memory of its copy.
  const refusals = [
    () => sign({}, theirKey),
    () => new Verifier(new theirs.KeySet([theirKey])),
    () => new KeySet([theirKey]),
    () => new Verifier(new theirs.RemoteKeySet("https://login.example/jwks")),
    () => ours.encrypt(new Uint8Array(1), theirs.EncryptionKey.generate("A256KW")),
  ].map((call) => {
    const { code, reason, message } = thrown(call) ?? {};
    return [code, reason, message?.split(":")[0]].join(" / ");
  });
  return { errors, texts, objects, refusals };
}
`;

const refused = (kind) => `KEY_INVALID / copy / this ${kind} is from another copy of countersign`;
const EXPECTED = {
  errors: {
    code: "TOKEN_MALFORMED",
    isOurs: true,
    isTheirs: true,
    isOwn: true,
    isExtended: true,
    others: false,
    strangers: false,
  },
  texts: { sub: "alice", back: "bob", hash: true },
  objects: { sub: "alice", refused: 401 },
  refusals: ["Key", "KeySet", "Key", "RemoteKeySet", "EncryptionKey"].map(refused),
};

let consumer;
before(async () => {
  consumer = makeConsumer();
  const { directory } = consumer;
  const library = join(directory, "node_modules/a-library");
  mkdirSync(library, { recursive: true });
  writeFileSync(
    join(library, "package.json"),
    JSON.stringify({ name: "a-library", version: "1.0.0", type: "module", exports: "./index.js" }),
  );
  writeFileSync(join(directory, "library.mjs"), LIBRARY);
  // As libraries are published: minified, so that no name of a class is what it was.
  await esbuild.build({
    absWorkingDir: directory,
    bundle: true,
    entryPoints: ["library.mjs"],
    format: "esm",
    logLevel: "error",
    minify: true,
    outfile: join(library, "index.js"),
    platform: "neutral",
  });
  writeFileSync(join(directory, "use.mjs"), USE);
  const main = (theirs) =>
    `import * as countersign from "countersign";
import { bearerGuard } from "countersign/http";
import { EncryptionKey, encrypt } from "countersign/jwe";
import { use } from "./use.mjs";
${theirs}
use({ ...countersign, bearerGuard, EncryptionKey, encrypt }, theirs).then((result) => console.log(JSON.stringify(result)));
`;
  writeFileSync(join(directory, "main.mjs"), main('import * as theirs from "a-library";'));
  const required = ["countersign", "countersign/http", "countersign/jwe"].map((name) => `...require("${name}")`);
  writeFileSync(
    join(directory, "both.mjs"),
    main(`import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const theirs = { ${required.join(", ")} };`),
  );
  writeFileSync(
    join(directory, "both.cjs"),
    `const theirs = { ${required.join(", ")} };
const names = ["countersign", "countersign/http", "countersign/jwe"];
Promise.all([import("./use.mjs"), ...names.map((name) => import(name))]).then(async ([{ use }, ...found]) => {
  console.log(JSON.stringify(await use(Object.assign({}, ...found), theirs)));
});
`,
  );
});
after(() => consumer.remove());

const resultOf = (script) =>
  JSON.parse(execFileSync(process.execPath, [script], { cwd: consumer.directory, encoding: "utf8" }));

test("works_beside_the_copy_in_a_library_without_a_bundler", () => {
  assert.deepEqual(resultOf("main.mjs"), EXPECTED);
});

for (const name of ["esbuild", "vite"]) {
  test(`works_beside_the_copy_in_a_library_when_bundled_by_${name}`, async () => {
    const script = await bundlers[name](consumer.directory, "main.mjs", "node");
    const text = readFileSync(join(consumer.directory, script), "utf8");
    assert.doesNotMatch(text, /(from|import|require\()\s*["'](countersign|a-library)/u);
    assert.deepEqual(resultOf(script), EXPECTED);
  });
}

test("works_as_es_modules_and_as_commonjs_in_one_process", () => {
  assert.deepEqual(resultOf("both.mjs"), EXPECTED);
  assert.deepEqual(resultOf("both.cjs"), EXPECTED);
});
