// The tables of algorithms and key forms: one is listed if a test case that must succeed uses it.
// `node tests/docs/features.mjs --write` writes them into docs/keys-and-rotation.md.

import { createPrivateKey, createPublicKey } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { OF_JWCRYPTO, OF_POST_QUANTUM, PEERS } from "../interop/keys.mjs";
import { cases as javascriptCases } from "../runtimes/javascript-cases.mjs";
import { marked, read, root, withMarked } from "./blocks.mjs";

const PAGE = "docs/keys-and-rotation.md";

/** The tables of the page. */
export const shown = () => marked(PAGE, "features");

/** Every case that must succeed, with named keys replaced by the keys. */
function successes() {
  const files = readdirSync(`${root}tests/vectors`).filter((name) => name.endsWith(".json"));
  return files.flatMap((name) => {
    const { keys = {}, cases } = JSON.parse(read(`tests/vectors/${name}`));
    const put = (spec) => (typeof spec === "string" ? keys[spec] : spec);
    return cases
      .filter(
        ({ expect, op }) =>
          "ok" in expect && /^(verify|sign|signClaims|issue|importKey|export\w+|thumbprint)$/.test(op),
      )
      .map((one) => ({ ...one, key: put(one.key ?? one.keys) }));
  });
}

const CURVES = { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512", Ed25519: "EdDSA" };
const algorithmOf = ({ op, expect, key }) =>
  (op === "verify" && expect.ok.header.alg) || expect.ok.alg || key.alg || key.jwk?.alg || CURVES[key.jwk?.crv];

const KINDS = { HS: "secret", RS: "RSA", PS: "RSA", ES: "EC", Ed: "Ed25519" };
const kindOf = (alg) => KINDS[alg.slice(0, 2)];

/** The operations that are tested with each algorithm. */
function operations(cases) {
  const done = new Map();
  const add = (alg, what) => done.set(alg, (done.get(alg) ?? new Set()).add(what));
  for (const one of cases) {
    if (/^(sign|signClaims|issue)$/.test(one.op)) add(algorithmOf(one), "sign");
    if (one.op === "verify") add(algorithmOf(one), "verify");
  }
  const made = javascriptCases.flatMap(
    ({ name }) => name.match(/^signs_and_verifies_with_a_generated_(\w+)_key$/)?.[1].replaceAll("_", "-") ?? [],
  );
  for (const alg of done.keys()) if (made.includes(alg) || made.includes(kindOf(alg))) add(alg, "generate");
  return done;
}

const LABELS = {
  "PRIVATE KEY": "PKCS#8",
  "PUBLIC KEY": "SPKI",
  "RSA PRIVATE KEY": "PKCS#1",
  "RSA PUBLIC KEY": "PKCS#1",
  "EC PRIVATE KEY": "SEC 1",
};
const FORMATS = { pkcs1: "PKCS#1", pkcs8: "PKCS#8", sec1: "SEC 1", spki: "SPKI" };

/** The form of a document, by reading it with node:crypto. */
function formOf(der) {
  const tries = [
    ...["pkcs8", "pkcs1", "sec1"].map((type) => [type, createPrivateKey]),
    ...["spki", "pkcs1"].map((type) => [type, createPublicKey]),
  ];
  const found = tries.find(([type, open]) => {
    try {
      return open({ key: Buffer.from(der, "base64url"), format: "der", type });
    } catch {
      return false;
    }
  });
  return found && FORMATS[found[0]];
}

/** Whether each form of a key is read and written, by kind of key. */
function forms(cases) {
  const done = new Map();
  const add = (form, encoding, one, what) => {
    if (form === undefined) return;
    const name = encoding ? `${form} in ${encoding}` : form;
    const kinds = done.get(name) ?? {};
    done.set(name, kinds);
    const kind = kindOf(algorithmOf(one));
    kinds[kind] = (kinds[kind] ?? new Set()).add(what);
  };
  for (const one of cases) {
    const { op, key, format, private: isPrivate } = one;
    if (op === "importKey") {
      if (key.jwk) add("JWK", "", one, "read");
      if (key.passphrase !== undefined) add("encrypted PKCS#8", key.pem ? "PEM" : "DER", one, "read");
      if (key.certificate) add("certificate", "PEM", one, "read");
      if (key.certificateDer) add("certificate", "DER", one, "read");
      if (key.pem)
        add(LABELS[key.pem.match(/-----BEGIN ([A-Z0-9 ]+)-----\r?\n(?![\s\S]*BEGIN)/)?.[1]], "PEM", one, "read");
      if (key.der) add(formOf(key.der), "DER", one, "read");
      if (key.secret || key.secretText) add("bytes or text", "", one, "read");
    }
    const written = FORMATS[format ?? (isPrivate ? "pkcs8" : "spki")];
    if (op === "exportPem") add(written, "PEM", one, "write");
    if (op === "exportDer") add(written, "DER", one, "write");
    if (op === "exportJwk") add("JWK", "", one, "write");
    if (op === "thumbprint") add("thumbprint (RFC 7638)", "", one, "yes");
  }
  for (const { name } of javascriptCases) {
    const [, alg, encoding] = name.match(/^writes_and_opens_an_encrypted_(\w+)_key_in_(PEM|DER)$/) ?? [];
    if (alg) add("encrypted PKCS#8", encoding, { key: { alg }, expect: { ok: {} } }, "write");
  }
  return done;
}

/** The tables. */
export function render() {
  const cases = successes();
  const done = operations(cases);
  const algorithms = [...read("pkg/src/types.ts").matchAll(/"((?:HS|RS|PS|ES)\d{3}|EdDSA|Ed25519|ML-DSA-\d{2})"/g)].map(
    ([, alg]) => alg,
  );
  const yes = (alg, what) => (done.get(alg)?.has(what) ? "yes" : "");
  const rows = [...new Set(algorithms)].map((alg) => {
    const all = [...Object.entries(PEERS), ["jwcrypto", OF_JWCRYPTO], ...Object.entries(OF_POST_QUANTUM)];
    const peers = all.flatMap(([peer, names]) => (names.includes(alg) ? [peer] : []));
    return [alg, yes(alg, "sign"), yes(alg, "verify"), yes(alg, "generate"), peers.join(", ")];
  });
  const kinds = ["RSA", "EC", "Ed25519", "secret"];
  const documents = [...forms(cases)].sort(
    ([left], [right]) => order(left) - order(right) || left.localeCompare(right),
  );
  const formRows = documents.map(([form, byKind]) => [
    form,
    ...kinds.map((kind) => [...(byKind[kind] ?? [])].sort().join(", ")),
  ]);
  return [
    table(["algorithm", "sign", "verify", "generate", "exchanged both ways with"], rows),
    table(["form of a key", ...kinds.map((kind) => (kind === "secret" ? "HMAC secret" : kind))], formRows),
  ].join("\n");
}

const ORDER = ["JWK", "PKCS#8", "encrypted", "SPKI", "SEC 1", "PKCS#1", "certificate", "bytes", "thumbprint"];
const order = (form) => ORDER.findIndex((start) => form.startsWith(start));

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |\n`.replaceAll("  ", " ");
  return `${line(head)}|${head.map(() => "---").join("|")}|\n${rows.map(line).join("")}`;
}

if (process.argv.includes("--write")) writeFileSync(root + PAGE, withMarked(PAGE, "features", render()));
