// Keys and other handles as tools see them: comparisons of tests, `console.log`, and the proxies of reactive state.

import assert from "node:assert";
import { test } from "node:test";
import { inspect } from "node:util";
import { Key, KeySet, PasswordHasher, RemoteKeySet, Signer, Verifier } from "countersign";
import { EncryptionKey } from "countersign/jwe";
import { memoryStore, Sessions } from "countersign/session";

const secret = "a secret that is longer than 32 bytes";
const pairs = {
  secrets: [Key.generate("HS256", { kid: "1" }), Key.generate("HS256", { kid: "1" })],
  key_pairs: [Key.generate("EdDSA"), Key.generate("EdDSA")],
  encryption_keys: [EncryptionKey.generate("A256KW"), EncryptionKey.generate("A256KW")],
  key_sets: [new KeySet([Key.generate("EdDSA")]), new KeySet([Key.generate("EdDSA")])],
};

for (const [name, [one, other]] of Object.entries(pairs)) {
  test(`tells_two_${name}_apart`, () => {
    assert.notDeepStrictEqual(one, other);
    assert.notDeepEqual(one, other);
    assert.notDeepEqual({ key: one }, { key: other });
    assert.deepStrictEqual({ key: one }, { key: one });
  });
}

test("shows_the_name_and_the_algorithm_of_a_key_and_nothing_else", () => {
  const key = Key.fromSecret(secret, { alg: "HS256", kid: 'a "b"' });
  for (const options of [{}, { showHidden: true, depth: Infinity }, { getters: true, showProxy: true }]) {
    assert.equal(inspect(key, options), 'Key { kid: "a \\"b\\"", alg: "HS256" }');
    assert.equal(inspect({ key }, options), '{ key: Key { kid: "a \\"b\\"", alg: "HS256" } }');
  }
  assert.equal(inspect(Key.generate("EdDSA")), 'Key { kid: undefined, alg: "EdDSA" }');
  assert.equal(inspect(EncryptionKey.generate("A256KW")), 'EncryptionKey { kid: undefined, alg: "A256KW" }');
  for (const holder of [new Signer(key), new Verifier(key), new KeySet([key])]) {
    assert.ok(!inspect(holder, { showHidden: true, depth: Infinity }).includes(secret));
  }
  assert.deepEqual(JSON.parse(JSON.stringify(key)), { alg: "HS256", kid: 'a "b"', type: "secret" });
});

// What Vue's `reactive` asks before it makes a proxy.
const isLeftAlone = (value) => value.__v_skip === true || !Object.isExtensible(value);

test("is_left_alone_by_reactive_state", () => {
  const key = Key.generate("EdDSA");
  const url = "https://login.example/keys";
  const handles = [
    key,
    new KeySet([key]),
    new Signer(key),
    new Verifier(key),
    new RemoteKeySet(url),
    new PasswordHasher(),
    EncryptionKey.generate("A256KW"),
    new Sessions({ signer: new Signer(key), store: memoryStore(), secret }),
  ];
  for (const handle of handles) assert.ok(isLeftAlone(handle), handle.constructor.name);
});
