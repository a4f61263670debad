// The platform's own cryptography, where there is one, and the core's: each checks what the other has signed.

import { holds, refuses, rejects, same, thrownBy } from "./assertions.mjs";
import { algorithms, keyFor, now } from "./materials.mjs";

/** The platform's share: RSA, ECDSA and Ed25519. */
const left = algorithms.filter((alg) => !alg.startsWith("HS"));

/** What `work` gives with the platform's help, or without. */
function helped(countersign, used, work) {
  countersign.usePlatformCryptography(used);
  try {
    return work();
  } finally {
    countersign.usePlatformCryptography(true);
  }
}

/** The token with one character of its signature changed, and its signature three bytes shorter, three longer, and away. */
function corrupted(token) {
  const dot = token.lastIndexOf(".") + 1;
  const changed = token[dot + 8] === "A" ? "B" : "A";
  return [
    `${token.slice(0, dot + 8)}${changed}${token.slice(dot + 9)}`,
    `${token.slice(0, dot)}${token.slice(dot + 4)}`,
    `${token.slice(0, dot)}AAAA${token.slice(dot)}`,
    token.slice(0, dot),
  ];
}

/** What `work` resolves to while `node:crypto` is off, so that WebCrypto is asked where an engine wants it. */
async function withoutNode(countersign, work) {
  countersign.usePlatformCryptography(false);
  try {
    return await work();
  } finally {
    countersign.usePlatformCryptography(true);
  }
}

/** What WebCrypto computes with the engine "platform" in every runtime of the suite. Some lack Ed25519 or P-521. */
const asked = left.filter((alg) => !/^Ed|^ES512/.test(alg));

/** What computes by default: the table of docs/browsers.md and docs/node.md. Anything else is a silent loss of speed. */
function expectedEngine(alg, operation, { hasNode, isAsync }) {
  const { Bun, Deno, navigator, crypto } = globalThis;
  if (alg.startsWith("HS")) return "wasm";
  if (hasNode) {
    if (alg === "ES512") return operation === "sign" && Bun !== undefined ? "node:crypto" : "wasm";
    const isSlow = Deno !== undefined && (operation === "sign" ? alg === "ES256" : alg.startsWith("ES"));
    return isSlow ? "wasm" : "node:crypto";
  }
  if (!isAsync || alg === "ES512" || crypto?.subtle === undefined) return "wasm";
  return alg.startsWith("Ed") && navigator?.userAgent !== "Cloudflare-Workers" ? "wasm" : "webcrypto";
}

/** The engines that sign and check a token with `alg`, at once and later. */
async function usedEngines(countersign, alg) {
  const key = keyFor(countersign, alg);
  const [signer, verifier] = [new countersign.Signer(key, { now }), new countersign.Verifier(key, { now })];
  const used = {};
  const token = signer.sign({ sub: "alice" });
  used.sign = signer.engine;
  verifier.verify(token);
  used.verify = verifier.engine;
  same(countersign.verify(await signer.signAsync({ sub: "bob" }), key, { now }).claims.sub, "bob");
  used.signAsync = signer.engine;
  await verifier.verifyAsync(token);
  used.verifyAsync = verifier.engine;
  signer.free();
  verifier.free();
  return used;
}

const engineTable = (alg, hasNode) => ({
  sign: expectedEngine(alg, "sign", { hasNode, isAsync: false }),
  verify: expectedEngine(alg, "verify", { hasNode, isAsync: false }),
  signAsync: expectedEngine(alg, "sign", { hasNode, isAsync: true }),
  verifyAsync: expectedEngine(alg, "verify", { hasNode, isAsync: true }),
});

const INVALID = ["TOKEN_SIGNATURE_INVALID", "signature does not match"];

const engineCases = [
  ...algorithms.map((alg) => ({
    name: `computes_${alg}_with_the_engine_that_the_documents_name`,
    check: async (countersign) => {
      const hasNode = countersign.usePlatformCryptography(true);
      same(await usedEngines(countersign, alg), engineTable(alg, hasNode));
      // Turned off, the platform is only used by the engine "platform".
      await withoutNode(countersign, async () => {
        same(Object.values(await usedEngines(countersign, alg)), ["wasm", "wasm", "wasm", "wasm"]);
      });
    },
  })),
  ...algorithms.map((alg) => ({
    name: `verifies_an_${alg}_token_alike_with_every_engine`,
    check: (countersign) =>
      withoutNode(countersign, async () => {
        const key = keyFor(countersign, alg);
        const token = countersign.sign({ sub: "alice" }, key, { now });
        const used = {};
        for (const engine of ["auto", "wasm", "platform"]) {
          const verifier = new countersign.Verifier(key, { now, engine });
          same(verifier.engine, undefined);
          for (let round = 0; round < 2; round += 1) same((await verifier.verifyAsync(token)).claims.sub, "alice");
          used[engine] = verifier.engine;
          for (const wrong of corrupted(token)) await rejects(countersign, () => verifier.verifyAsync(wrong), INVALID);
          await rejects(countersign, () => verifier.verifyAsync(token, { subject: "bob" }), [
            "CLAIM_INVALID",
            '"sub" claim is not the expected subject',
            "sub",
          ]);
          same((await verifier.verifyAsync(token, { subject: "alice" })).header.alg, alg);
          same(verifier.verify(token).claims.sub, "alice");
          same(verifier.engine, "wasm");
          verifier.free();
        }
        same(used.wasm, "wasm");
        if (asked.includes(alg)) same(used.platform, "webcrypto");
        if (alg.startsWith("HS")) same(used.platform, "wasm");
      }),
  })),
  ...algorithms.map((alg) => ({
    name: `signs_an_${alg}_token_with_every_engine`,
    check: (countersign) =>
      withoutNode(countersign, async () => {
        const key = keyFor(countersign, alg);
        for (const engine of ["auto", "wasm", "platform"]) {
          const signer = new countersign.Signer(key, { engine, now, issuer: "https://login.example" });
          same(signer.engine, undefined);
          const tokens = await Promise.all([
            signer.signAsync({ sub: "alice" }),
            signer.signAsync({ sub: "bob" }, { expiresIn: 60 }),
          ]);
          const used = signer.engine;
          if (engine === "wasm" || alg.startsWith("HS")) same(used, "wasm");
          if (engine === "platform" && asked.includes(alg)) same(used, "webcrypto");
          const pending = signer.signAsync({ sub: "carol" });
          signer.free();
          tokens.push(await pending);
          const claims = tokens.map((token) => countersign.verify(token, key, { now }).claims);
          same(
            claims.map(({ sub, exp }) => [sub, exp - now.getTime() / 1000]),
            [
              ["alice", 900],
              ["bob", 60],
              ["carol", 900],
            ],
          );
          await rejects(countersign, () => signer.signAsync({}), ["KEY_INVALID", "signer has been freed"]);
        }
      }),
  })),
  {
    name: "signs_itself_what_WebCrypto_throws_at_and_stops_when_it_is_aborted",
    check: (countersign) =>
      withoutNode(countersign, async () => {
        const subtle = globalThis.crypto?.subtle;
        const key = keyFor(countersign, "ES256");
        for (const name of ["importKey", "sign"]) {
          const signer = new countersign.Signer(key, { engine: "platform", now });
          replace(subtle, name, () => Promise.reject(new Error("no")));
          try {
            same(countersign.verify(await signer.signAsync({ sub: "alice" }), key, { now }).claims.sub, "alice");
          } finally {
            if (subtle !== undefined) Reflect.deleteProperty(subtle, name);
            signer.free();
          }
        }
        const signer = new countersign.Signer(key, { engine: "platform", now });
        const controller = new AbortController();
        const pending = signer.signAsync({ sub: "alice" }, { signal: controller.signal });
        controller.abort(new Error("enough"));
        const reason = await pending.then(
          () => undefined,
          (error) => error.message,
        );
        same(reason, "enough");
        signer.free();
      }),
  },
  {
    name: "keeps_a_hundred_checks_by_WebCrypto_apart",
    check: (countersign) =>
      withoutNode(countersign, async () => {
        const keys = asked.map((alg) => keyFor(countersign, alg).withKid(alg));
        const verifier = new countersign.Verifier(new countersign.KeySet(keys), { now, engine: "platform" });
        const tokens = Array.from({ length: 100 }, (_, index) => {
          const key = keys[index % keys.length];
          const token = countersign.sign({ sub: String(index) }, key, { now });
          return index % 3 === 0 ? corrupted(token)[0] : token;
        });
        const settled = await Promise.allSettled(tokens.map((token) => verifier.verifyAsync(token)));
        settled.forEach(({ value, reason }, index) => {
          if (index % 3 === 0) same([reason.code, reason.message], INVALID);
          else same(value.claims.sub, String(index));
        });
        verifier.free();
      }),
  },
  {
    name: "finishes_a_check_by_WebCrypto_whose_verifier_and_key_are_freed_meanwhile",
    check: (countersign) =>
      withoutNode(countersign, async () => {
        const key = keyFor(countersign, "ES384");
        const token = countersign.sign({ sub: "alice" }, key, { now });
        const verifier = new countersign.Verifier(key, { now, engine: "platform" });
        const pending = [verifier.verifyAsync(token), verifier.verifyAsync(token, { subject: "alice" })];
        verifier.free();
        key.free();
        same(
          (await Promise.all(pending)).map(({ claims }) => claims.sub),
          ["alice", "alice"],
        );
        await rejects(countersign, () => verifier.verifyAsync(token), ["KEY_INVALID", "verifier has been freed"]);
      }),
  },
  {
    name: "reads_the_options_of_a_check_by_WebCrypto_once_and_before_it_asks",
    check: (countersign) =>
      withoutNode(countersign, async () => {
        const key = keyFor(countersign, "RS256");
        const token = countersign.sign({ sub: "alice" }, key, { now });
        const verifier = new countersign.Verifier(key, { now, engine: "platform" });
        let reads = 0;
        const options = {
          get subject() {
            reads += 1;
            // Another check in here must not take the question or the answer of the outer one.
            same(verifier.verify(token).claims.sub, "alice");
            return "alice";
          },
        };
        same((await verifier.verifyAsync(token, options)).claims.sub, "alice");
        same(reads, 1);
        verifier.free();
      }),
  },
  {
    name: "computes_itself_what_WebCrypto_throws_at",
    check: (countersign) =>
      withoutNode(countersign, async () => {
        const subtle = globalThis.crypto?.subtle;
        const key = keyFor(countersign, "PS256");
        const token = countersign.sign({ sub: "alice" }, key, { now });
        for (const name of ["importKey", "verify"]) {
          const verifier = new countersign.Verifier(key.withKid(name), { now, engine: "platform" });
          replace(subtle, name, () => Promise.reject(new Error("no")));
          try {
            same((await verifier.verifyAsync(token)).claims.sub, "alice");
            await rejects(countersign, () => verifier.verifyAsync(corrupted(token)[0]), INVALID);
          } finally {
            if (subtle !== undefined) Reflect.deleteProperty(subtle, name);
            verifier.free();
          }
        }
      }),
  },
  {
    name: "never_takes_an_answer_of_WebCrypto_for_what_the_core_refuses",
    check: (countersign) =>
      withoutNode(countersign, async () => {
        const subtle = globalThis.crypto?.subtle;
        const key = keyFor(countersign, "ES256");
        const token = countersign.sign({ sub: "alice", exp: 1 }, key, { now });
        const verifier = new countersign.Verifier(key, { now, engine: "platform" });
        replace(subtle, "verify", () => Promise.resolve(true));
        try {
          await rejects(countersign, () => verifier.verifyAsync(token), ["TOKEN_EXPIRED", "token has expired", "exp"]);
          // Of the wrong length, so the core asks nothing.
          await rejects(countersign, () => verifier.verifyAsync(corrupted(token)[1]), INVALID);
          await rejects(countersign, () => verifier.verifyAsync(corrupted(token)[3]), INVALID);
        } finally {
          if (subtle !== undefined) Reflect.deleteProperty(subtle, "verify");
          verifier.free();
        }
      }),
  },
  {
    name: "computes_in_WebAssembly_what_the_engine_wasm_is_asked",
    check: (countersign) => {
      for (const alg of left) {
        const key = keyFor(countersign, alg);
        const token = countersign.sign({ sub: "alice" }, key, { now });
        const verifier = new countersign.Verifier(key, { now, engine: "wasm" });
        same(verifier.verify(token).claims.sub, "alice");
        same(verifier.engine, "wasm");
        verifier.free();
      }
    },
  },
  {
    name: "refuses_an_engine_that_it_does_not_know",
    check: (countersign) => {
      const key = keyFor(countersign, "HS256");
      const message = 'option "engine" is not "auto", "wasm" or "platform"';
      for (const engine of ["node", "", 1, null, {}]) {
        refuses(countersign, () => new countersign.Verifier(key, { engine }), ["OPTION_INVALID", message]);
      }
      same(new countersign.Verifier(key, { engine: undefined }).engine, undefined);
      refuses(countersign, () => new countersign.Signer(key, { engine: "node" }), ["OPTION_INVALID", message]);
      refuses(countersign, () => new countersign.Verifier(key, { engine: "auto", audiense: "api" }), [
        "OPTION_INVALID",
        'unknown option "audiense"',
      ]);
      const token = countersign.sign({}, key, { now });
      refuses(countersign, () => new countersign.Verifier(key, { now }).verify(token, { engine: "wasm" }), [
        "OPTION_INVALID",
        'unknown option "engine"',
      ]);
      class Options {
        engine = "auto";
      }
      const odd = [new Options(), Object.assign([], { engine: "auto" })];
      for (const options of odd) same(thrownBy(() => new countersign.Verifier(key, options)).code, "OPTION_INVALID");
    },
  },
];

/** Replaces a method for a test. Some runtimes do not let this happen: there, only the usual answer is checked. */
function replace(object, name, method) {
  try {
    Object.defineProperty(object, name, { configurable: true, value: method });
  } catch {
    // Nothing is replaced.
  }
  const { Bun, Deno, navigator, process } = globalThis;
  const isNode = process?.versions?.node !== undefined && navigator?.userAgent !== "Cloudflare-Workers";
  const isReplaced = object?.[name] === method;
  holds(isReplaced || !isNode || Bun !== undefined || Deno !== undefined, `WebCrypto's ${name} is not replaced`);
}

export const cases = [
  ...engineCases,
  ...left.flatMap((alg) =>
    [true, false].map((used) => ({
      name: `checks_an_${alg}_token_signed_${used ? "by_the_platform" : "in_WebAssembly"}_by_both`,
      check: (countersign) => {
        const key = keyFor(countersign, alg);
        const publicKey = key.publicKey();
        const token = helped(countersign, used, () => countersign.sign({ sub: "alice" }, key, { now }));
        for (const other of [true, false]) {
          helped(countersign, other, () => {
            // A table of the key's multiples is made on the way.
            for (let round = 0; round < 6; round += 1)
              same(countersign.verify(token, publicKey, { now }).claims.sub, "alice");
            for (const wrong of corrupted(token)) {
              refuses(countersign, () => countersign.verify(wrong, publicKey, { now }), [
                "TOKEN_SIGNATURE_INVALID",
                "signature does not match",
              ]);
            }
          });
        }
      },
    })),
  ),
  ...left.map((alg) => ({
    name: `goes_on_with_an_${alg}_key_when_the_platform_comes_and_goes`,
    check: (countersign) => {
      const key = keyFor(countersign, alg);
      const signer = new countersign.Signer(key, { now });
      const verifier = new countersign.Verifier(key, { now });
      for (const used of [true, false, true]) {
        const token = helped(countersign, used, () => signer.sign({ used }));
        same(verifier.verify(token).claims.used, used);
      }
      key.free();
      same(verifier.verify(signer.sign({ used: "freed" })).claims.used, "freed");
      signer.free();
      verifier.free();
    },
  })),
  ...["EdDSA", "Ed25519"].map((alg) => ({
    name: `signs_the_same_${alg}_token_with_the_platform_and_without`,
    check: (countersign) => {
      const key = keyFor(countersign, alg);
      const [by, without] = [true, false].map((used) =>
        helped(countersign, used, () => countersign.sign({ sub: "alice" }, key, { now })),
      );
      same(by, without);
      same(countersign.verify(by, key, { now }).claims.sub, "alice");
      refuses(countersign, () => countersign.verify(corrupted(by)[0], key, { now }), [
        "TOKEN_SIGNATURE_INVALID",
        "signature does not match",
      ]);
    },
  })),
  {
    name: "says_whether_the_platform_helps",
    check: (countersign) => {
      same(countersign.usePlatformCryptography(false), false);
      const there = countersign.usePlatformCryptography(true);
      holds(typeof there === "boolean", "not a boolean");
      same(countersign.usePlatformCryptography("yes"), false);
      same(countersign.usePlatformCryptography(true), there);
    },
  },
];
