// loginThrottle: which names are one account, and which addresses are one network.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { test } from "node:test";
import { loginThrottle, memoryStore, onNode } from "countersign/http";
import { invalid } from "./errors.mjs";

const from = (address) => ({ headers: { "cf-connecting-ip": address }, url: "/" });
const nowhere = { headers: {}, url: "/" };
/** Attempts until one is refused: how many were allowed. */
async function allowed(throttle, name, most = 200) {
  for (let count = 0; count < most; count += 1) if (!(await throttle.attempt(name, nowhere)).allowed) return count;
  return most;
}

test("counts all spellings of a name as one account", async () => {
  const throttle = loginThrottle({ store: memoryStore() });
  const names = ["alice", "ALICE", " Alice", "ａｌｉｃｅ", "aLICE\t", "alice"];
  for (const name of names) assert.equal((await throttle.attempt(name, nowhere)).allowed, true);
  assert.equal(await allowed(throttle, "AlIcE"), 0);
  const accounts = [];
  const onEvent = ({ account }) => accounts.push(account);
  const told = loginThrottle({ store: memoryStore(), perAccount: { free: 0 }, onEvent });
  for (let times = 0; times < 2; times += 1) await told.attempt("\u1112\u1161\u11ab ", nowhere);
  assert.deepEqual(accounts, ["\ud55c"]);
  const byMail = loginThrottle({ store: memoryStore(), account: (name) => name.replace(/\+.*@/, "@") });
  for (let count = 0; count < 6; count += 1) await byMail.attempt(`a+${count}@b.example`, nowhere);
  assert.equal(await allowed(byMail, "a@b.example"), 0);
  const wrong = loginThrottle({ store: memoryStore(), account: () => undefined });
  await assert.rejects(wrong.attempt("a", nowhere), invalid('option "account" did not return a string'));
});

test("counts spellings as one that some database takes for the same name", async () => {
  const same = [
    [
      "alice",
      "al\u00adice",
      "al\u200bice\ufeff",
      "alice\0",
      "\u2066\u00e1lice\u2069",
      "ali\u0327ce",
      "al\u0131ce",
      "\0 ALICE",
    ],
    ["οδος", "οδοσ", "ΟΔΟΣ", "ΟΔΟς", "όδος", "ὀδος"],
    ["straße", "STRASSE", "STRAẞE", "strasse", "ｓtraße", "straſse"],
    ["한", "\u1112\u1161\u11ab", "한 ", " 한", "한\u200d", "한\0"],
    ["bond7", "bønđ7", "BØND٧", "bo\u05b0nd७", "b\u0366nd\u0667", "bo\u0338nd７", "ⓑⓞⓝⓓ⑦", "\u0640bo\u064bnd7"],
    ["aether", "æther", "ÆTHER", "ǽther", "aͤther"], // typos: ignore
    ["o'neil", "o’neil", "O‘Neił"],
    ["zoe", "zoe\u00a8", "\u00b4Zoë", "\u02d8zoe \u00b8"],
    ["カタカナ", "かたかな", "ｶﾀｶﾅ", "ガタカナ"],
    ["שלום", "שלומ", "שָׁלוֹם"],
    ["محمد", "مُحَمَّد", "محمـد"],
    ["x\u0621\u0648\u064a", "x\u0674\u06e5\u06e6", "x\u0621\u06e5\u064a"],
    ["алиса", "АЛИСА", "а\u0483лиса", "\u2df6лиса"],
    // Letters that are not in the order of the alphabet, and others whose variant is a mark.
    ["єіѡѣѳ", "ЄІѠѢѲ", "\ua674\ua676\ua67b\u2dfa\u2df4"],
    ["क", "क़", "क\u0902"],
  ];
  for (const names of same) {
    const throttle = loginThrottle({ store: memoryStore(), perAccount: { free: names.length - 1 } });
    for (const name of names) assert.equal((await throttle.attempt(name, nowhere)).allowed, true);
    for (const name of names) assert.equal((await throttle.attempt(name, nowhere)).allowed, false, name);
  }
  const throttle = loginThrottle({ store: memoryStore(), perAccount: { free: 0 } });
  for (const name of [
    "alice",
    "alice2",
    "a lice",
    "alic",
    "Алиса",
    "한",
    "하",
    "राम",
    "रम",
    "रमा",
    "αlice",
    "al-ice",
  ]) {
    assert.equal((await throttle.attempt(name, nowhere)).allowed, true, name);
  }
});

test("compares names of more than 1024 characters as they are", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAccount: { free: 0 } });
  for (const [length, isAllowed] of [
    [1024, false],
    [1025, true],
  ]) {
    assert.equal((await throttle.attempt("a".repeat(length), nowhere)).allowed, true);
    assert.equal((await throttle.attempt("A".repeat(length), nowhere)).allowed, isAllowed);
  }
});

test("counts together what the Unicode Collation Algorithm takes for the same letter or digit", async () => {
  const { compare } = new Intl.Collator("en", { sensitivity: "base" });
  const keys = [];
  const store = memoryStore();
  const get = (key) => {
    keys.push(key);
    return store.get(key);
  };
  const throttle = loginThrottle({ store: { ...store, get } });
  const keyOf = async (name) => {
    await throttle.attempt(name, nowhere);
    return keys.at(-1);
  };
  let count = 0;
  for (const letter of "abcdefghijklmnopqrstuvwxyz0123456789") {
    const expected = await keyOf(`x${letter}`);
    for (let point = 0x80; point < 0x3400; point += 1) {
      const character = String.fromCodePoint(point);
      if (compare(character, letter) !== 0) continue;
      assert.equal(await keyOf(`x${character}`), expected, `U+${point.toString(16)} and ${letter}`);
      count += 1;
    }
  }
  assert.ok(1000 < count, String(count));
});

test("takes no longer for a name than it is long, and finds the short one in it", async () => {
  const start = performance.now();
  for (const marks of ["\u0315\u0300", "\u05bf\u05b0", "\u0f74\u0f72"]) {
    const throttle = loginThrottle({ store: memoryStore(), perAccount: { free: 0 } });
    const long = `a${marks.repeat(500_000)}`;
    assert.equal((await throttle.attempt(long, nowhere)).allowed, true);
    assert.equal((await throttle.attempt(long, nowhere)).allowed, false);
  }
  assert.ok(performance.now() - start < 20_000);
  const throttle = loginThrottle({ store: memoryStore(), perAccount: { free: 0 } });
  await throttle.attempt("alice", nowhere);
  for (const filler of [" ", "\0", "\u200b", "\u0301", "\u05b0", "\u0315\u0300", "\ufe70"]) {
    for (const length of [1, 300, 5000]) {
      const name = `alice${filler.repeat(length)}`;
      assert.equal((await throttle.attempt(name, nowhere)).allowed, false, JSON.stringify([filler, length]));
    }
  }
});

test("counts a network of IPv6 as one, and addresses in every spelling", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAddress: { free: 3, header: "CF-Connecting-IP" } });
  const same = [
    ["2001:db8::1", "2001:0DB8:0:0:ffff::2", "2001:db8:0:0:1:2:3:4", "2001:db8::"],
    ["192.0.2.7", "::ffff:192.0.2.7", "198.51.100.9, 192.0.2.7", " 192.0.2.7 "],
    ["192.0.2.8:1111", "192.0.2.8:2222", "::ffff:c000:0208", "[::ffff:192.0.2.8]:3333"],
    ["[2001:db8:9::1]:1111", "[2001:db8:9::2]:2222", "2001:db8:9::3%eth0", "[2001:db8:9::4]"],
    ["unknown", "unknown", "unknown", "unknown"],
    ...["1:2:3:4:5:6:7:8::9:10:11", "1::2::3", "::".repeat(4000), "[1:2", "fe80:::1"].map((each) =>
      Array(4).fill(each),
    ),
    ["", "", "", ""],
  ];
  for (const [index, addresses] of same.entries()) {
    for (const [times, address] of addresses.entries()) {
      assert.equal((await throttle.attempt(`u ${index} ${times}`, from(address))).allowed, true, address);
    }
    assert.equal((await throttle.attempt("x", from(addresses[0]))).allowed, false, addresses[0]);
  }
  assert.equal((await throttle.attempt("y", from("2001:db8:0:1::1"))).allowed, true);
  assert.equal((await throttle.attempt("y", nowhere)).allowed, false, "no header counts as one address");
});

test("takes the first 64 bits of an IPv6 address, an IPv4 address, and anything else as it is", async () => {
  const keys = [];
  const store = { ...memoryStore(), get: (key) => void keys.push(key), replace: () => true };
  const throttle = loginThrottle({ store, perAddress: { header: "X-Address" } });
  for (const [network, ...addresses] of [
    ["2001:db8:1:2::/64", "2001:db8:1:2::", "2001:0DB8:0001:0002:0:0:0:1", "2001:db8:1:2:ffff:ffff:ffff:ffff"],
    [
      "2001:db8:0:0::/64",
      "2001:db8::",
      "2001:db8::ffff:1:2:3",
      "2001:db8:0:0:1::",
      "[2001:db8::1]:443",
      "[2001:db8::1]",
    ],
    ["0:0:0:0::/64", "::", "::1", "0::0", "::ffff:0:192.0.2.7"],
    ["0:0:0:1::/64", "0:0:0:1::", "0:0:0:1:2:3:4:5"],
    ["fe80:0:0:0::/64", "fe80::1%eth0", "fe80::1%25", "fe80::1"],
    ["64:ff9b:1:0::/64", "64:ff9b:1::192.0.2.7"],
    ["0:0:3:4::/64", "::3:4:5:6:7:8", "0:0:3:4::"],
    ["1:0:0:4::/64", "1::4:5:6:7:8"],
    ["64:0:0:0::/64", "64::ffff:192.0.2.7", "64::ffff:c000:207"],
    ["1:2:3:4::/64", "1:2:3:4:5:6:7:8", "1:2:3:4::8", "1:2:3:4:5:6:7::"],
    [
      "192.0.2.7",
      "192.0.2.7",
      "192.0.2.7:80",
      "::ffff:192.0.2.7",
      "::FFFF:192.0.2.7",
      "::ffff:c000:207",
      "[::ffff:192.0.2.7]:80",
    ],
    ["192.0.2.7", "0:0:0:0:0:ffff:c000:0207", "203.0.113.1, 192.0.2.7", " 192.0.2.7\t"],
    ["10.255.0.255", "::ffff:aff:ff", "10.255.0.255"],
    ...[
      "",
      "unknown",
      "_hidden",
      "192.0.2.7:",
      "192.0.2.7:x",
      "x192.0.2.7:80",
      "[::1",
      "x[::1]",
      "[::1]:80x",
      "[::1]x",
    ].map((other) => [other, other]),
    ["::ffff:192.0.2.256", "::ffff:192.0.2.256"],
  ]) {
    const expected = `address:${createHash("sha256").update(network).digest("hex").slice(0, 32)}`;
    for (const address of addresses) {
      await throttle.attempt("alice", { headers: { "x-address": address }, url: "/" });
      assert.equal(keys[0], expected, `${address} is of ${network}`);
      keys.length = 0;
    }
  }
});

test("takes the address of the connection from the socket of Node, and only text", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAddress: { free: 0 } });
  const at = (remoteAddress) => ({ headers: {}, url: "/", socket: { remoteAddress } });
  for (const address of ["192.0.2.1", "192.0.2.2"]) {
    assert.equal((await throttle.attempt(address, at(address))).allowed, true);
    assert.equal((await throttle.attempt("other", at(address))).allowed, false);
  }
  const unknown = invalid('option "perAddress" needs a "header": the address of the connection is not known');
  for (const wrong of [undefined, null, 7]) await assert.rejects(throttle.attempt("a", at(wrong)), unknown);
  await assert.rejects(throttle.attempt("a", { headers: {}, url: "/" }), unknown);
});

test("takes the connection's address from onNode, and no header that is not named", async () => {
  const throttle = loginThrottle({ store: memoryStore(), perAddress: { free: 2 } });
  const answers = [];
  const handler = async (request) => {
    answers.push((await throttle.attempt(crypto.randomUUID(), request)).allowed);
    return new Response(null);
  };
  const server = createServer(onNode(handler)).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  for (const spoofed of ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"]) {
    await fetch(`http://127.0.0.1:${server.address().port}`, {
      headers: { "X-Forwarded-For": spoofed, "CF-Connecting-IP": spoofed, Forwarded: `for=${spoofed}` },
    });
  }
  server.close();
  assert.deepEqual(answers, [true, true, true, false]);
  await assert.rejects(
    throttle.attempt("a", new Request("https://a.example")),
    invalid('option "perAddress" needs a "header": the address of the connection is not known'),
  );
});
