// The sections of the page and of docs/benchmarks.md: a title, a few words, a chart, and tables.

import {
  bundleTable,
  delayTable,
  failureTable,
  goalTable,
  lossTable,
  memoryTable,
  moduleTable,
  nativeTable,
  ownTable,
  passwordTable,
  sectionTable,
  startUpTable,
  tokenTable,
} from "./tables.mjs";

const ofEach = (results, make) =>
  Object.keys(results.runtimes).map((runtime) => ({
    title: `${runtime} (${results.runtimes[runtime]})`,
    ...make(runtime),
  }));

export const SECTIONS = [
  {
    title: "Goals",
    text: "What the project wants to reach, and the least that was measured.",
    tables: (results) => [goalTable(results)],
  },
  {
    title: "Where another library is faster",
    text: "Every measurement in which another library takes at least 3% less time.",
    tables: (results) => [lossTable(results)],
  },
  {
    title: "Verify",
    chart: "verify.svg",
  },
  {
    title: "Sign",
    chart: "sign.svg",
  },
  {
    title: "Every runtime",
    text: "Beside each time, how many times ours it is. Bold: it takes less than ours.",
    chart: "runtimes.svg",
    tables: (results) => ofEach(results, (runtime) => tokenTable(results, runtime)),
  },
  {
    title: "Repeated tokens",
    text: "64 tokens, verified again and again. Ours has the option `cache`; fast-jwt has its cache, by a hash of the token, and by the token itself.",
    chart: "repeated.svg",
    tables: (results) => ofEach(results, (runtime) => sectionTable(results, "repeated tokens", runtime)),
  },
  {
    title: "Refused tokens",
    text: "A token that is wrong in one thing, until the error is caught.",
    chart: "refused.svg",
    tables: (results) => [
      { title: "countersign, HS256: refused beside accepted", ...ownTable(results, "refused and accepted, HS256") },
      { title: "countersign, ES256: refused beside accepted", ...ownTable(results, "refused and accepted, ES256") },
    ],
  },
  { title: "Length of the token", chart: "length.svg" },
  {
    title: "Keys in a set",
    text: "Tokens of 64 signers, or of as many as there are.",
    chart: "keys.svg",
    tables: (results) => [{ title: "countersign, HS256", ...ownTable(results, "keys in a set, HS256") }],
  },
  { title: "Import of a key", text: "From a public key in PEM to the first verified token.", chart: "import.svg" },
  {
    title: "Passwords",
    text: "Native addons use one thread for each lane.",
    chart: "argon2.svg",
    tables: (results) => [passwordTable(results)],
  },
  { title: "Other password schemes", chart: "passwords.svg" },
  {
    title: "The event loop",
    text: "The delays of a timer while 32 passwords are hashed at once.",
    tables: (results) => [delayTable(results)],
  },
  { title: "Start", chart: "start-up.svg", tables: (results) => [startUpTable(results)] },
  { title: "Memory", chart: "memory.svg", tables: (results) => [memoryTable(results)] },
  {
    title: "Sizes",
    text: "The modules, and what a page or a Worker loads that uses one import to check tokens or to hash passwords, bundled and minified by esbuild.",
    chart: "page.svg",
    tables: (results) => [moduleTable(results), bundleTable(results)],
  },
  { title: "The Rust crate", chart: "native.svg", tables: (results) => [nativeTable(results)] },
  {
    title: "What did not run",
    text: "Libraries that a runtime could not load, or that failed the check before the measurement.",
    tables: (results) => [failureTable(results)],
  },
];
