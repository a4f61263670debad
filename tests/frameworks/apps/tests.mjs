// Test runners, compilers and bundlers, and libraries that wrap objects: about half a minute each with the installation.

import { EXPECTED } from "../program.mjs";

const expected = JSON.stringify(EXPECTED);

const JEST_TEST = `const { use } = require("./program.cjs");
test("works", async () => expect(await use()).toEqual(${expected}));
`;
export const VITEST_TEST = `import { expect, test } from "vitest";
import { use } from "./program.mjs";
test("works", async () => expect(await use()).toEqual(${expected}));
`;

const SUBPATHS = `import { Key } from "countersign/jwt";
import { hashPassword } from "countersign/argon2";
import { EncryptionKey } from "countersign/jwe";
import { bearerGuard } from "countersign/http";
import { init } from "countersign/jwt/slim";
const kid: string | undefined = Key.generate("EdDSA").kid;
console.log(kid, hashPassword, EncryptionKey, bearerGuard, init);
`;

export const TESTS = [
  {
    name: "Jest 30 (node, jsdom, edge-runtime)",
    packages: ["jest@30.5.2", "jest-environment-jsdom@30.5.2", "@edge-runtime/jest-environment@4.0.0"],
    files: {
      "node.test.cjs": JEST_TEST,
      "jsdom.test.cjs": `/** @jest-environment jsdom */
const { Key } = require("countersign");
// jsdom has no TextDecoder.
test("says what is missing", () => {
  expect(() => Key.generate("HS256")).toThrow("this runtime has no TextDecoder, which this package needs");
});
`,
      "edge.test.cjs": `/** @jest-environment @edge-runtime/jest-environment */\n${JEST_TEST}`,
      "jest.config.cjs": 'module.exports = { testMatch: ["**/*.test.cjs"], transform: {} };\n',
    },
    run: ["jest"],
  },
  ...["4.1.12", "5.1.2"].map((version) => ({
    name: `Vitest ${version[0]} (forks, threads, vmForks, vmThreads)`,
    packages: [`vitest@${version}`],
    files: { "a.test.mjs": VITEST_TEST },
    run: ["forks", "threads", "vmForks", "vmThreads"].map((pool) => `vitest run --pool=${pool}`),
  })),
  {
    name: "Parcel 2, as it comes",
    packages: ["parcel@2.16.4"],
    files: {
      "main.mjs": 'import { Key } from "countersign/jwt";\nconsole.log(Key.generate("EdDSA").alg);\n',
      "index.html": '<!doctype html><script type="module" src="./main.mjs"></script>\n',
    },
    run: ["parcel build index.html --no-cache"],
  },
  {
    name: "TypeScript 5.9, moduleResolution node10",
    packages: ["typescript@5.9.3"],
    files: { "main.ts": SUBPATHS },
    run: ["tsc --noEmit --strict --target es2022 --lib es2022,dom --module esnext --moduleResolution node10 main.ts"],
  },
  {
    name: "Vue 3, Pinia 4, MobX 6 and Immer 11, reactive objects",
    packages: ["vue@3.5.45", "pinia@4.1.0", "mobx@6.16.1", "immer@11.2.13"],
    files: {
      "reactive.mjs": `import assert from "node:assert/strict";
import { Key, KeySet, PasswordHasher, RemoteKeySet, Signer, Verifier } from "countersign";
import { EncryptionKey, decrypt, encrypt } from "countersign/jwe";
import { produce } from "immer";
import { makeAutoObservable, observable } from "mobx";
import { createPinia, defineStore, setActivePinia } from "pinia";
import { reactive, readonly, ref, shallowReactive } from "vue";
class Store {
  constructor(members) {
    Object.assign(this, members);
    makeAutoObservable(this);
  }
}
setActivePinia(createPinia());
const pinia = (members) => defineStore("store", { state: () => members })();
const immer = (members) => produce({}, (draft) => Object.assign(draft, members));
const wrappers = { pinia, immer, reactive, readonly, shallowReactive, ref: (value) => ref(value).value, observable, Store: (value) => new Store(value) };
for (const [name, wrap] of Object.entries(wrappers)) {
  const key = Key.generate("EdDSA");
  const held = wrap({
    key,
    set: new KeySet([key]),
    signer: new Signer(key),
    verifier: new Verifier(key),
    remote: new RemoteKeySet("https://login.example/keys"),
    hasher: new PasswordHasher({ params: { memoryKib: 64, passes: 1, lanes: 1 } }),
    secret: EncryptionKey.generate("A256KW"),
  });
  const token = held.signer.sign({ sub: "alice" });
  assert.equal(held.verifier.verify(token).claims.sub, "alice", name);
  assert.equal(new Verifier(held.set).verify(token).claims.sub, "alice", name);
  assert.equal(new Verifier(held.key.publicKey()).verify(token).claims.sub, "alice", name);
  assert.equal(held.remote.state.status, "empty", name);
  assert.equal(held.hasher.verify("right", held.hasher.hash("right")).ok, true, name);
  assert.equal(decrypt(encrypt(new Uint8Array([1]), held.secret), held.secret).plaintext[0], 1, name);
}
`,
    },
    run: ["node reactive.mjs"],
  },
];
