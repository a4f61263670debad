// The conformance suite: every vector and every JavaScript case, against whatever copy of the package it is handed.
// It imports no runtime and reads no file, so that all of them run the very same code.

import { bytes } from "./bytes.mjs";
import { show } from "./equal.mjs";
import { withoutAdvice } from "./javascript/assertions.mjs";
import { cases as javascriptCases } from "./javascript-cases.mjs";
import { countReasons, LITE, liteOperation, reasonAgainst } from "./lite.mjs";
import { operations } from "./operations.mjs";
import { foreignRealm } from "./realm.mjs";
import { leaked, secretsOf } from "./secrecy.mjs";

/** The name under which the JavaScript cases are counted, beside the vector files. */
export const JAVASCRIPT = "javascript";

/**
 * Files whose cases take long: two thirds of a run. Another way to the same module in the same runtime leaves them out.
 */
export const SLOW = [
  "password-bcrypt",
  "password-examples",
  "password-foreign",
  "password-foreign-refused",
  "password-pbkdf2",
  "password-scrypt",
];

/** The vectors that only `countersign/formats` passes. */
const OF_FORMATS = "password-formats";

/** How many cases each file holds: `{ [file]: number }`. */
export function countCases(vectors) {
  const counts = Object.entries(vectors).map(([file, { cases }]) => [file, cases.length]);
  return Object.fromEntries([...counts, [JAVASCRIPT, javascriptCases.length], [LITE, countReasons(vectors)[""] ?? 0]]);
}

/**
 * Runs every case.
 *
 * @param countersign What the package's index entry and `countersign/jws` export, as one object, and in it `jwe` and `decode`:
 *   what `countersign/jwe` and `countersign/decode` export, `lite` and `onlyVerify`: what `countersign/lite` and `countersign/verify` export, and `formats`: what `countersign/formats` exports, of another copy
 *   of the package, because it replaces the password module of its own copy. Without `formats`, the index entry must read
 *   every format.
 * @param vectors `{ [file]: the parsed file }`.
 * @param report Called after each case with `{ file, name, failure }`; `failure` is `undefined` or a sentence.
 * @param realm Constructors of another realm, `{ Date, Uint8Array }`, where the runtime has one.
 * @returns A promise of `{ files: { [file]: { passed, failed } }, failures: [{ file, name, failure }] }`
 */
export async function run(countersign, vectors, report = () => {}, realm = foreignRealm()) {
  const files = {};
  const failures = [];
  const judge = async (file, name, attempt) => {
    let failure;
    try {
      failure = await attempt();
    } catch (error) {
      failure = `the case itself failed: ${describe(error)}`;
    }
    files[file] ??= { passed: 0, failed: 0 };
    files[file][failure === undefined ? "passed" : "failed"] += 1;
    if (failure !== undefined) failures.push({ file, name, failure });
    report({ file, name, failure });
  };
  for (const [file, { keys, cases }] of Object.entries(vectors)) {
    const exported = file === OF_FORMATS ? (countersign.formats ?? countersign) : countersign;
    for (const one of cases) await judge(file, one.name, () => runVector(exported, one, keys));
    // The same on the small module, as far as it goes.
    const lite = { ...countersign.lite, decode: countersign.decode };
    for (const one of cases) {
      if (reasonAgainst(one, keys) === undefined)
        await judge(LITE, `${file}_${one.name}`.replaceAll("-", "_"), () => runVector(lite, one, keys, liteOperation));
    }
  }
  for (const { name, check } of javascriptCases) {
    await judge(JAVASCRIPT, name, async () => {
      await check(countersign, realm, vectors);
    });
  }
  return { files, failures };
}

async function runVector(countersign, vector, keyTable = {}, operationOf = (op) => operations[op]) {
  const { name, source, op, expect, ...input } = vector;
  const operation = Object.hasOwn(operations, op) ? operationOf(op) : undefined;
  if (operation === undefined) return `unknown op ${show(op)}`;
  const handles = [];
  const context = contextOf(countersign, input, keyTable, handles);
  try {
    for (const [index, way] of operation.ways(context).entries()) {
      const failure = await judgeWay(countersign, way, operation, expect, secretsOf(resolved(input, keyTable)));
      if (failure !== undefined) return index === 0 ? failure : `by way ${index + 1}: ${failure}`;
    }
    return undefined;
  } finally {
    for (const handle of handles) handle.free();
  }
}

async function judgeWay(countersign, way, operation, expect, secrets) {
  let answer;
  try {
    answer = await way();
  } catch (error) {
    return judgeError(countersign, error, expect, secrets);
  }
  if (!("ok" in expect)) return `gave ${show(answer)} instead of ${show(expect.error)}`;
  return operation.compare(answer, way.view === undefined ? expect.ok : way.view(expect.ok));
}

function judgeError(countersign, error, expect, secrets) {
  if (!(error instanceof countersign.CountersignError)) return `threw what is no CountersignError: ${describe(error)}`;
  const { code, claim } = error;
  const message = withoutAdvice(error.message);
  const secret = leaked(error, secrets);
  if (secret !== undefined) return `the error holds a value it was given, ${show(secret)}: ${message}`;
  const wanted = expect.error;
  const same = wanted !== undefined && code === wanted.code && message === wanted.message && claim === wanted.claim;
  return same ? undefined : `threw ${show({ code, message, claim })} instead of ${show(wanted ?? expect)}`;
}

// What the operations work with. Handles are kept, to be freed after the case.
function contextOf(countersign, input, keyTable, handles) {
  const keep = (handle) => {
    handles.push(handle);
    return handle;
  };
  const key = (spec) => keep(importKey(countersign, typeof spec === "string" ? keyTable[spec] : spec));
  const member = (spec) =>
    Object.hasOwn(spec, "until") ? { key: key(spec.key), until: new Date(spec.until * 1000) } : key(spec);
  const keys = (spec) => {
    if (Object.hasOwn(spec, "several"))
      return spec.several.map((one) => (typeof one === "string" ? key(one) : keys(one)));
    if (Object.hasOwn(spec, "set")) return keep(new countersign.KeySet(spec.set.map(member)));
    if (Object.hasOwn(spec, "jwks")) {
      return keep(countersign.KeySet.fromJwks(spec.jwks, ...(spec.alg === undefined ? [] : [{ alg: spec.alg }])));
    }
    return key(spec);
  };
  const encryptionKey = (spec) =>
    keep(importEncryptionKey(countersign.jwe, typeof spec === "string" ? keyTable[spec] : spec));
  const encryptionKeys = () => (input.keys === undefined ? encryptionKey(input.key) : input.keys.map(encryptionKey));
  return { countersign, input, keyTable, keep, key, keys, encryptionKey, encryptionKeys };
}

function importEncryptionKey(
  { EncryptionKey },
  { secret, password, pem, der, jwk, certificate, certificateDer, ...options },
) {
  if (certificate !== undefined) return EncryptionKey.fromUnverifiedCertificate(certificate, options);
  if (certificateDer !== undefined) return EncryptionKey.fromUnverifiedCertificate(bytes(certificateDer), options);
  if (secret !== undefined) return EncryptionKey.fromSecret(bytes(secret), options);
  if (password !== undefined) return EncryptionKey.fromPassword(password, options);
  if (pem !== undefined) return EncryptionKey.fromPem(pem, options);
  if (der !== undefined) return EncryptionKey.fromDer(bytes(der), options);
  return EncryptionKey.fromJwk(jwk, ...(Object.keys(options).length === 0 ? [] : [options]));
}

function importKey({ Key }, { secret, secretText, pem, der, jwk, certificate, certificateDer, ...options }) {
  if (certificate !== undefined) return Key.fromUnverifiedCertificate(certificate, options);
  if (certificateDer !== undefined) return Key.fromUnverifiedCertificate(bytes(certificateDer), options);
  if (secret !== undefined) return Key.fromSecret(bytes(secret), options);
  if (secretText !== undefined) return Key.fromSecret(secretText, options);
  if (pem !== undefined) return Key.fromPem(pem, options);
  if (der !== undefined) return Key.fromDer(bytes(der), options);
  return Key.fromJwk(jwk, ...(Object.keys(options).length === 0 ? [] : [options]));
}

// The input with the keys that it names in place of their names, for the search for leaks.
function resolved({ key, keys, ...rest }, keyTable) {
  const specs = [key, ...(keys?.set ?? (Array.isArray(keys) ? keys : [keys]))].filter((spec) => spec !== undefined);
  return [rest, ...specs.map((spec) => (typeof spec === "string" ? keyTable[spec] : spec))];
}

function describe(error) {
  return error instanceof Error ? `${error.name}: ${error.message}` : show(error);
}
