// How modules are loaded. The slim entries: nothing works before `init`, wasm comes in from anywhere, and loading twice does
// no harm. The default entries: passwords are compiled at the first call. Every case runs in a process of its own, because
// what is loaded stays loaded.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { makeConsumer } from "./consumer.mjs";

const consumer = makeConsumer();

const PRELUDE = `
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const path = (name) => createRequire(import.meta.url).resolve("countersign/" + name + ".wasm");
const jwtBytes = readFileSync(path("jwt"));
const passwordBytes = readFileSync(path("password"));
const jweBytes = readFileSync(path("jwe"));
const outcome = (action) => { try { return action(); } catch (error) { return error.code + ": " + error.message; } };
const later = async (action) => { try { return await action(); } catch (error) { return error.code + ": " + error.message; } };
const useTokens = ({ Key, sign, verify }) => {
  const key = Key.generate("HS256");
  return verify(sign({ sub: "alice" }, key), key).claims.sub;
};
const usePasswords = ({ hashPassword, verifyPassword }) => {
  const policy = { params: { memoryKib: 8, passes: 1, lanes: 1 } };
  return verifyPassword("correct horse", hashPassword("correct horse", policy), policy);
};
const useEncryption = ({ EncryptionKey, decrypt, encrypt }) => {
  const key = EncryptionKey.generate("A256KW");
  return new TextDecoder().decode(decrypt(encrypt(new TextEncoder().encode("dawn"), key), key).plaintext);
};
const wasmServer = (type, status = 200) => new Promise((resolve) => {
  const server = createServer((_, response) => response.writeHead(status, { "content-type": type }).end(jwtBytes));
  server.unref();
  server.listen(0, "127.0.0.1", () => resolve("http://127.0.0.1:" + server.address().port + "/jwt.wasm"));
});
`;

/** Counts what is compiled, apart from the decoder of the text, which is small. */
const COUNTED = `
const { Module } = WebAssembly;
let compiled = 0;
WebAssembly.Module = class extends Module { constructor(bytes) { super(bytes); if (1000 < bytes.length) compiled += 1; } };
`;

const NOT_LOADED = "INTERNAL: the wasm module is not loaded: call init or initSync first";
const NOT_COMPILED =
  "INTERNAL: the wasm module cannot be compiled here: a Content-Security-Policy needs 'wasm-unsafe-eval' in its script-src";
const NO_WEBASSEMBLY =
  "INTERNAL: this runtime has no WebAssembly, which this package needs: --jitless and Lockdown Mode turn it off";
const NO_SIMD =
  "INTERNAL: this runtime has no WebAssembly SIMD, which this package needs: on x86, the processor must have SSE4.1";
const NO_SOURCE = "OPTION_INVALID: the wasm source must be a WebAssembly.Module or its bytes";
const NO_MODULE = "OPTION_INVALID: the wasm source is not the module of this version of the package";
const NOT_FETCHED = "OPTION_INVALID: the wasm source answered with an error status";

const UNREAD =
  'HASH_UNSUPPORTED: stored hash is in a format of "countersign/formats": import PasswordHasher from there';
/** The SHA-1 of "hellosalt", and the salt. */
const SSHA = "{SSHA}FPvT+WAOz8Kj1D5MB6mKh1x5EKJzYWx0";
const RARE = [
  SSHA,
  "{ssha512.hex}00",
  "{CRYPT}$6$salt$tag",
  "{bcrypt}$2a$04$RBM0ExP/ISND2fjvw4lSA.C7Kr1oyIG3UidqmbfDSeyBVdHyP3PPS",
  "{pbkdf2@SpringSecurity_v5_8}00",
  "{PBKDF2-SHA256}1000$c2FsdA$dGFn",
  "{PKCS5S2}AAAA",
  "$1$salt$tag",
  "$apr1$salt$tag",
  "$y$j9T$salt$tag",
  "$fbscrypt$v=1",
  "$firescrypt$ln=14",
  "$S$D",
  "U$S$9",
  `AA${"A".repeat(64)}==`,
  "$7$101$c2FsdA==$dGFndA==",
  "$6$c2FsdA==$dGFndA==",
  ":pbkdf2:sha512:30000:64:salt:tag",
  ":B:salt:tag",
  "sha256$salt$tag",
  "3|$argon2id$v=19$m=64,t=2,p=1$tYusm+vM//UpqbOZUor5pQ$djWixct3+pMh2eZ55RvLvDyMxpZNwv7dzs+UffVaF48",
  "argon2:$argon2id$v=19",
  "#jbcrypt:$2a$04$RBM0ExP",
  "{SHA-1}{c2FsdA==}00",
  "{sha256}00",
  "{SHA512-CRYPT.b64}JDYk",
  "PBKDF2SHA256$1000$00$00",
];
/** Hashes that name their scheme, which the Argon2 module does not know. */
const NAMED = [
  "{SSHA}AAAA",
  "{bcrypt}$2a$04$",
  "{sha256}00",
  "$1$salt$tag",
  "$y$j9T$salt$tag",
  "$S$D",
  "sha256$salt$tag",
];
const NOT_ARGON2 =
  'HASH_UNSUPPORTED: stored hash is not Argon2: import "countersign/password" or "countersign/formats"';

const cases = {
  says_that_nothing_is_loaded: [
    `import * as tokens from "countersign/jwt/slim";
     import * as passwords from "countersign/password/slim";
     report = [outcome(() => useTokens(tokens)), outcome(() => usePasswords(passwords)), outcome(() => tokens.decodeUnverified("a.b.c"))];`,
    [NOT_LOADED, NOT_LOADED, NOT_LOADED],
  ],
  loads_bytes_at_once: [
    `import * as tokens from "countersign/jwt/slim";
     import * as passwords from "countersign/password/slim";
     tokens.initSync(jwtBytes);
     passwords.initSync(new Uint8Array(passwordBytes));
     report = [useTokens(tokens), usePasswords(passwords)];`,
    ["alice", true],
  ],
  loads_encryption_by_itself: [
    `import * as jwe from "countersign/jwe/slim";
     const before = outcome(() => useEncryption(jwe));
     report = [
       before,
       outcome(() => jwe.initSync(jwtBytes)),
       await later(async () => { await jwe.init(jweBytes); jwe.initSync(jweBytes); return useEncryption(jwe); }),
     ];`,
    [NOT_LOADED, NO_MODULE, "dawn"],
  ],
  loads_both_by_the_index_entry: [
    `import * as all from "countersign/slim";
     all.initSync({ jwt: jwtBytes });
     const before = outcome(() => usePasswords(all));
     await all.init({ password: WebAssembly.compile(passwordBytes) });
     report = [before, useTokens(all), usePasswords(all)];`,
    [NOT_LOADED, "alice", true],
  ],
  loads_tokens_and_jws_at_once: [
    `import * as tokens from "countersign/jwt/slim";
     import * as jws from "countersign/jws/slim";
     const before = outcome(() => jws.Key.generate("HS256"));
     jws.initSync(jwtBytes);
     const key = tokens.Key.generate("HS256");
     const signed = jws.signJws(new TextEncoder().encode("text"), key);
     report = [before, new TextDecoder().decode(jws.verifyJws(signed, key).payload), useTokens(tokens)];`,
    [NOT_LOADED, "text", "alice"],
  ],
  // Astro's development server reloads some files of the package beside others that it keeps.
  loads_after_a_reload_of_some_of_its_files: [
    `const { cpSync, writeFileSync } = await import("node:fs");
     const dist = path("jwt").slice(0, -"jwt.wasm".length);
     const reports = [];
     for (const [part, loader, bytes, use] of [["jwt", "loadTokens", jwtBytes, useTokens], ["jwe", "loadEncryption", jweBytes, useEncryption]]) {
       const file = part === "jwt" ? "tokens" : part;
       cpSync(dist + "glue/" + part + ".js", dist + "glue/" + part + "-again.js");
       const text = readFileSync(dist + file + ".js", "utf8");
       writeFileSync(dist + file + "-again.js", text.replaceAll("glue/" + part + ".js", "glue/" + part + "-again.js"));
       for (const name of [file, file + "-again"]) {
         const loaded = await import(dist + name + ".js");
         loaded[loader](new WebAssembly.Module(bytes));
         loaded[loader](new WebAssembly.Module(bytes));
         reports.push(use(loaded));
       }
     }
     report = reports;`,
    ["alice", "alice", "dawn", "dawn"],
  ],
  loads_again_without_harm: [
    `import * as tokens from "countersign/jwt/slim";
     tokens.initSync(jwtBytes);
     const key = tokens.Key.generate("EdDSA");
     tokens.initSync(jwtBytes);
     await tokens.init(jwtBytes);
     await Promise.all([tokens.init(jwtBytes), tokens.init(jwtBytes)]);
     report = [tokens.verify(tokens.sign({ sub: "alice" }, key), key).claims.sub];`,
    ["alice"],
  ],
  loads_once_when_asked_twice_at_a_time: [
    `import * as tokens from "countersign/jwt/slim";
     let key;
     await Promise.all([tokens.init(jwtBytes).then(() => { key = tokens.Key.generate("EdDSA"); }), tokens.init(new WebAssembly.Module(jwtBytes))]);
     report = [tokens.verify(tokens.sign({ sub: "alice" }, key), key).claims.sub];`,
    ["alice"],
  ],
  ...Object.fromEntries(
    Object.entries({
      a_module: "new WebAssembly.Module(jwtBytes)",
      an_array_buffer: "new Uint8Array(jwtBytes).buffer",
      a_promise: "Promise.resolve(jwtBytes)",
      a_url: 'new URL(await wasmServer("application/wasm"))',
      a_text: 'await wasmServer("application/wasm")',
      a_response: 'fetch(await wasmServer("application/wasm"))',
      a_response_of_another_type: 'fetch(await wasmServer("application/octet-stream"))',
    }).map(([what, source]) => [
      `loads_from_${what}`,
      [
        `import * as tokens from "countersign/jwt/slim";
         await tokens.init(${source});
         report = [useTokens(tokens)];`,
        ["alice"],
      ],
    ]),
  ),
  refuses_what_is_no_module_and_loads_afterwards: [
    `import * as tokens from "countersign/jwt/slim";
     report = [
       outcome(() => tokens.initSync(undefined)),
       outcome(() => tokens.initSync({ module: jwtBytes })),
       outcome(() => tokens.initSync(new Uint8Array(8))),
       outcome(() => tokens.initSync(passwordBytes)),
       await later(() => tokens.init(null)),
       await later(() => tokens.init(new Uint8Array([1, 2, 3]))),
       await later(() => tokens.init(passwordBytes)),
       await later(async () => tokens.init(fetch(await wasmServer("application/wasm", 404)))),
       outcome(() => useTokens(tokens)),
       await later(async () => { await tokens.init(jwtBytes); return useTokens(tokens); }),
     ];`,
    [NO_SOURCE, NO_SOURCE, NO_MODULE, NO_MODULE, NO_SOURCE, NO_MODULE, NO_MODULE, NOT_FETCHED, NOT_LOADED, "alice"],
  ],
  compiles_passwords_at_the_first_call: [
    `${COUNTED}
     const all = await import("countersign");
     useTokens(all);
     const before = compiled;
     const used = [usePasswords(all), usePasswords(all)];
     report = [before, ...used, compiled];`,
    [1, true, true, 2],
  ],
  says_what_a_page_must_allow_and_goes_on_once_it_does: [
    `const passwords = await import("countersign/password");
     const { Module } = WebAssembly;
     WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("refused"); } };
     const refused = [outcome(() => usePasswords(passwords)), outcome(() => new passwords.PasswordHasher())];
     WebAssembly.Module = Module;
     report = [...refused, usePasswords(passwords)];`,
    [NOT_COMPILED, NOT_COMPILED, true],
  ],
  // Where a policy forbids compiling, each engine throws another error, and WebKit's has no message.
  ...Object.fromEntries(
    Object.entries({
      bytes: "jwtBytes",
      a_response: 'fetch(await wasmServer("application/wasm"))',
      a_response_of_another_type: 'fetch(await wasmServer("text/plain"))',
    }).map(([what, source]) => [
      `says_what_a_page_must_allow_when_it_loads_${what}`,
      [
        `import * as tokens from "countersign/jwt/slim";
         const source = ${source};
         const refuse = () => { throw new WebAssembly.CompileError(); };
         const { Module, compile, compileStreaming } = WebAssembly;
         WebAssembly.Module = class { constructor() { refuse(); } };
         WebAssembly.compile = WebAssembly.compileStreaming = async () => refuse();
         const refused = [await later(() => tokens.init(source)), outcome(() => tokens.initSync(jwtBytes))];
         Object.assign(WebAssembly, { Module, compile, compileStreaming });
         await tokens.init(jwtBytes);
         report = [...refused, useTokens(tokens)];`,
        [NOT_COMPILED, NOT_COMPILED, "alice"],
      ],
    ]),
  ),
  says_what_a_build_for_workers_must_do: [
    `globalThis.WebSocketPair = class {};
     WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("refused"); } };
     WebAssembly.compile = async () => new WebAssembly.Module();
     const countersign = await import("countersign");
     const { init } = await import("countersign/jwt/slim");
     report = [
       outcome(() => useTokens(countersign)),
       outcome(() => usePasswords(countersign)),
       await later(() => init(jwtBytes)),
     ];`,
    Array(3).fill(
      "INTERNAL: the wasm module cannot be compiled here: build with the condition workerd or edge-light, which imports compiled .wasm files (in Nitro and Nuxt: experimental.wasm; in Next.js with OpenNext: serverExternalPackages and next build --webpack)",
    ),
  ],
  // It compiles other modules, so the page's policy is not at fault.
  gives_the_error_of_an_engine_that_does_not_compile_a_module: [
    `const { Module } = WebAssembly;
     WebAssembly.Module = class extends Module {
       constructor(bytes) { if (1000 < bytes.length) throw new WebAssembly.CompileError("function 7 failed"); super(bytes); }
     };
     const [{ Key }, passwords] = await Promise.all([import("countersign/jwt"), import("countersign/password")]);
     const told = (action) => { try { action(); } catch ({ code, message, cause }) { return [code, message, cause.message]; } };
     report = [told(() => Key.generate("HS256")), told(() => Key.generate("HS256")), told(() => usePasswords(passwords))];`,
    Array(3).fill(["INTERNAL", "the wasm module cannot be loaded here", "function 7 failed"]),
  ],
  loads_but_throws_one_error_with_a_code_without_webassembly: [
    `delete globalThis.WebAssembly;
     const [countersign, jwe] = await Promise.all([import("countersign"), import("countersign/jwe")]);
     const { decodeUnverified, KeySet } = countersign;
     report = [
       outcome(() => useTokens(countersign)),
       outcome(() => decodeUnverified("a.b.c")),
       outcome(() => KeySet.fromJwks({ keys: [] })),
       outcome(() => usePasswords(countersign)),
       await later(() => countersign.hashPasswordAsync("correct horse")),
       outcome(() => useEncryption(jwe)),
     ];`,
    Array(6).fill(NO_WEBASSEMBLY),
  ],
  // QuickJS and Hermes have little beyond the language.
  loads_but_throws_one_error_with_a_code_in_a_bare_engine: [
    `for (const name of ["WebAssembly", "TextDecoder", "TextEncoder", "atob", "Buffer", "crypto", "fetch", "URL"]) delete globalThis[name];
     delete Uint8Array.fromBase64;
     const [countersign, jwe] = await Promise.all([import("countersign"), import("countersign/jwe")]);
     report = [
       outcome(() => useTokens(countersign)),
       outcome(() => countersign.decodeUnverified("a.b.c")),
       outcome(() => usePasswords(countersign)),
       await later(() => countersign.hashPasswordAsync("correct horse")),
       outcome(() => useEncryption({ ...jwe, encrypt: () => "", decrypt: () => ({}) })),
     ];`,
    Array(5).fill(NO_WEBASSEMBLY),
  ],
  loads_without_atob_and_others_like_it: [
    `for (const name of ["Buffer", "atob"]) delete globalThis[name];
     delete Uint8Array.fromBase64;
     const countersign = await import("countersign");
     report = [useTokens(countersign), usePasswords(countersign)];`,
    ["alice", true],
  ],
  ...Object.fromEntries(
    ["TextDecoder", "TextEncoder"].map((name) => [
      `loads_but_throws_one_error_with_a_code_without_${name.toLowerCase()}`,
      [
        `delete globalThis.${name};
         const [countersign, jwe] = await Promise.all([import("countersign"), import("countersign/jwe")]);
         const slim = await import("countersign/slim");
         report = [
           outcome(() => useTokens(countersign)),
           outcome(() => usePasswords(countersign)),
           await later(() => countersign.hashPasswordAsync("correct horse")),
           outcome(() => useEncryption({ ...jwe, encrypt: () => "", decrypt: () => ({}) })),
           await later(() => slim.init({ jwt: jwtBytes })),
         ];`,
        Array(5).fill(`INTERNAL: this runtime has no ${name}, which this package needs`),
      ],
    ]),
  ),
  names_what_a_runtime_lacks_and_not_the_token_when_it_decodes_without_webassembly: [
    `const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.AAAA";
     delete globalThis.WebAssembly;
     const { decodeHeaderUnverified, decodeUnverified } = await import("countersign/decode");
     const read = () => [outcome(() => decodeUnverified(token).claims.sub), outcome(() => decodeHeaderUnverified(token).alg)];
     report = read();
     for (const name of ["atob", "TextEncoder", "TextDecoder"]) {
       delete globalThis[name];
       report.push(...read());
     }`,
    [
      "alice",
      "HS256",
      ...["atob", "TextEncoder", "TextDecoder"].flatMap((name) =>
        Array(2).fill(`INTERNAL: this runtime has no ${name}, which this package needs`),
      ),
    ],
  ],
  loads_but_throws_one_error_with_a_code_where_nothing_may_be_compiled: [
    `WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError("refused"); } };
     const [countersign, jwe] = await Promise.all([import("countersign"), import("countersign/jwe")]);
     report = [
       outcome(() => useTokens(countersign)),
       outcome(() => usePasswords(countersign)),
       outcome(() => useEncryption(jwe)),
     ];`,
    [NOT_COMPILED, NOT_COMPILED, NOT_COMPILED],
  ],
  // WebKit, where a page's policy forbids WebAssembly.
  loads_but_throws_one_error_with_a_code_where_nothing_may_be_instantiated: [
    `WebAssembly.Instance = class { constructor() { throw new WebAssembly.CompileError("refused"); } };
     const [countersign, jwe] = await Promise.all([import("countersign"), import("countersign/jwe")]);
     report = [
       outcome(() => useTokens(countersign)),
       outcome(() => usePasswords(countersign)),
       outcome(() => useEncryption(jwe)),
     ];`,
    [NOT_COMPILED, NOT_COMPILED, NOT_COMPILED],
  ],
  // Next's edge runtime replaces every function of `process` by one that throws.
  works_where_the_functions_of_process_throw: [
    `process.getBuiltinModule = () => { throw new Error("not supported in the Edge Runtime"); };
     const countersign = await import("countersign");
     const policy = { params: { memoryKib: 8, passes: 1, lanes: 1 } };
     const hasher = new countersign.PasswordHasher(policy);
     countersign.configurePasswordPool({ queue: 1 });
     const stored = await later(() => hasher.hashAsync("correct horse"));
     report = [
       useTokens(countersign),
       outcome(() => countersign.usePlatformCryptography(true)),
       await later(() => hasher.verifyAsync("correct horse", stored)),
       await later(() => hasher.verifyAndUpdateAsync("correct horse", stored)),
     ];`,
    ["alice", false, { ok: true, needsRehash: false, scheme: "argon2id" }, { ok: true }],
  ],
  ...Object.fromEntries(
    [
      ["argon2", "password"],
      ["password", "argon2"],
      ["argon2/slim", "password"],
      ["password", "argon2/slim"],
    ].map(([first, second]) => [
      `knows_every_scheme_with_${first}_before_${second}`.replaceAll("/", "_"),
      [
        `const load = (entry) => entry.initSync?.(readFileSync(path("argon2")));
         const first = await import("countersign/${first}");
         load(first);
         const second = await import("countersign/${second}");
         load(second);
         const bcrypt = { scheme: "bcrypt", params: { cost: 10 } };
         const hashed = [first, second].map(({ hashPassword }) => hashPassword("correct horse", bcrypt).slice(0, 7));
         report = [...hashed, usePasswords(first), usePasswords(second)];`,
        ["$2b$10$", "$2b$10$", true, true],
      ],
    ]),
  ),
  ...Object.fromEntries(
    [
      ["argon2", "formats"],
      ["password", "formats"],
      ["formats", "argon2"],
      ["formats", "password"],
      ["formats/slim", "password"],
      ["password", "formats/slim"],
      ["formats/slim", "argon2/slim"],
    ].map(([first, second]) => [
      `knows_every_format_with_${first}_before_${second}`.replaceAll("/", "_"),
      [
        `const load = (entry, name) => entry.initSync?.(readFileSync(path(name.split("/")[0])));
         const first = await import("countersign/${first}");
         load(first, "${first}");
         const second = await import("countersign/${second}");
         load(second, "${second}");
         report = [first, second].map(({ verifyPassword }) => verifyPassword("hello", "${SSHA}"));
         report.push(usePasswords(first), usePasswords(second));`,
        [true, true, true, true],
      ],
    ]),
  ),
  ...Object.fromEntries(
    ["countersign", "countersign/password"].map((entry) => [
      `names_the_module_for_a_rare_format_in_${entry.replaceAll("/", "_")}`,
      [
        `const { PasswordHasher } = await import("${entry}");
         const hasher = new PasswordHasher();
         report = ${JSON.stringify(RARE)}.map((stored) => outcome(() => hasher.verify("hello", stored)));`,
        RARE.map(() => UNREAD),
      ],
    ]),
  ),
  names_the_module_for_a_rare_format_in_countersign_argon2: [
    `const { PasswordHasher } = await import("countersign/argon2");
     const hasher = new PasswordHasher();
     report = ${JSON.stringify(NAMED)}.map((stored) => outcome(() => hasher.verify("hello", stored)));`,
    NAMED.map(() => NOT_ARGON2),
  ],
};

for (const [name, [program, expected]] of Object.entries(cases)) {
  test(name, () => assert.deepEqual(reportOf(name, program), expected));
}

const withoutSimd = { skip: process.arch !== "x64" && "the option of V8 is for x86" };
test("names_the_instructions_that_a_processor_lacks", withoutSimd, () => {
  const program = `
    const jwt = await import("countersign/jwt");
    const jwe = await import("countersign/jwe");
    const slim = await import("countersign/jwt/slim");
    const told = ({ code, message, cause }) => [code + ": " + message, String(cause).includes("SIMD")];
    const toldOf = (action) => { try { return action(); } catch (error) { return told(error); } };
    report = [
      toldOf(() => useTokens(jwt)),
      toldOf(() => useTokens(slim.initSync(jwtBytes))),
      await slim.init(jwtBytes).catch(told),
      await slim.init(fetch(await wasmServer("application/wasm"))).catch(told),
      toldOf(() => useEncryption(jwe)),
    ];`;
  const expected = Array(5).fill([NO_SIMD, true]);
  assert.deepEqual(reportOf("without_simd", program, "--no-enable-sse4-1"), expected);
});

function reportOf(name, program, ...flags) {
  const file = join(consumer.directory, `${name}.mjs`);
  writeFileSync(file, `${PRELUDE}let report;\n${program}\nconsole.log(JSON.stringify(report));\n`);
  return JSON.parse(execFileSync(process.execPath, [...flags, file], { cwd: consumer.directory, encoding: "utf8" }));
}
