// The files whose tests are tested: those that decide who is let in. Beside each group are the tests that may notice a change, the
// quickest first. They run the package in their own process; tests that start servers or browsers would take hours.

import { basename, dirname } from "node:path/posix";

export const TYPESCRIPT = [
  {
    name: "bearer guard",
    files: [
      "http/bearer",
      "http/verify-token",
      "http/request-token",
      "http/cookies",
      "http/cross-site",
      "http/proof",
      "scope",
    ],
    tests: [
      "http/bearer-guard",
      "http/metadata",
      "http/token-sessions",
      "http/access-tokens",
      "http/cookie-session",
      "dpop/login",
      "adapters/hono",
      "adapters/mcp",
    ],
  },
  {
    name: "sessions",
    files: ["session", "session/refresh-token", "session/row", "session/mac", "session/live-cache", "session/options"],
    tests: ["http/token-sessions", "http/cookie-session", "dpop/login", "session/one-time", "session/sessions"],
  },
  { name: "one-time tokens", files: ["session/one-time"], tests: ["session/one-time", "stores/stores"] },
  {
    name: "cookie sessions",
    files: ["http/cookie-session", "http/cookie-jar", "http/cookie-options"],
    tests: ["http/cookie-session", "dpop/login", "adapters/hono", "adapters/sveltekit"],
  },
  {
    name: "DPoP",
    files: ["dpop/verifier", "dpop/nonces", "dpop/target-uri", "dpop/proof-keys"],
    tests: ["dpop/login", "dpop/verifier", "dpop/peers"],
  },
  {
    name: "key rings",
    files: [
      "key-ring/schedule",
      "key-ring/keys",
      "key-ring/options",
      "key-ring/seal",
      "key-ring/shared-ring",
      "key-ring/signer",
    ],
    tests: [
      "key-ring/options",
      "key-ring/tokens",
      "key-ring/store",
      "key-ring/row",
      "key-ring/schedule",
      "key-ring/key-ring",
    ],
  },
  {
    name: "issuers",
    files: [
      "issuers/issuers",
      "issuers/issuer",
      "issuers/id-token",
      "issuers/logout-token",
      "issuers/template",
      "issuers/discovery",
      "issuers/certificates",
    ],
    tests: ["issuers/id-token", "issuers/logout-token", "issuers/presets", "issuers/issuers", "issuers/testing"],
  },
  {
    name: "throttle",
    files: ["http/throttle", "http/attempts"],
    tests: ["http/token-endpoint", "http/throttle", "http/throttle-names", "http/throttle-stores"],
  },
  {
    name: "names and addresses",
    files: ["http/account-name", "http/address"],
    tests: ["http/throttle-names", "http/throttle"],
  },
  {
    name: "token endpoint",
    files: [
      "http/token",
      "http/token-refusal",
      "http/grant",
      "http/issue",
      "http/authenticate",
      "http/revocation",
      "http/form",
      "lifetime",
    ],
    tests: [
      "http/token-sessions",
      "http/access-tokens",
      "http/token-endpoint",
      "http/metadata",
      "dpop/login",
      "http/openapi",
      "http/throttle",
      "http/throttle-stores",
    ],
  },
];

const passwordTests = {
  features: "formats",
  tests: ["--test=password", "--lib"],
  // The first three compare times. The normalization of all characters takes a second.
  skip: ["an_unknown_user_costs", "a_password_that_is_too_long", "a_stored_text_of_any_length", "normalize::"],
  // The cases of tests/vectors whose hashes are expensive run only for what the others do not notice.
  leavesOutSlowCases: true,
};

/** The same of Rust, by cargo-mutants. `tests` are the targets of Cargo that run, without the tests that `skip` names. */
export const RUST = [
  {
    name: "tokens and key sets (Rust)",
    features: "jwt,post-quantum",
    files: [
      "src/jwt/rules.rs",
      "src/jwt/token.rs",
      "src/jwt/claims.rs",
      "src/jwt/verify.rs",
      "src/jwt/profile.rs",
      "src/jwt/known_headers.rs",
      "src/jws/signature.rs",
      "src/jose/header.rs",
      "src/jose/key_set.rs",
      "src/jose/one_or_many.rs",
      "src/jose/segment.rs",
      "src/jose/select.rs",
      "src/jose/usage.rs",
    ],
    tests: ["--test=vectors", "--test=key_set", "--test=verifier", "--lib"],
    // Arithmetic, which takes long without optimization.
    skip: ["crypto::", "post_quantum::"],
  },
  {
    name: "passwords: limits, policy and peppers (Rust)",
    ...passwordTests,
    files: [
      "src/password/limits.rs",
      "src/password/hasher.rs",
      "src/password/hasher/*.rs",
      "src/password/stored_hash.rs",
      "src/password/costs.rs",
      "src/password/policy.rs",
      "src/password/params.rs",
      "src/password/pepper.rs",
      "src/password/pepper/*.rs",
    ],
  },
  {
    name: "passwords: stored formats (Rust)",
    ...passwordTests,
    files: ["src/password/formats.rs", "src/password/formats/*.rs"],
    // They are compiled for the smaller modules alone.
    exclude: ["src/password/formats/needs_schemes.rs", "src/password/formats/needs_formats.rs"],
  },
  { name: "passwords: rare formats (Rust)", ...passwordTests, files: ["src/password/formats/rare/*.rs"] },
  {
    name: "passwords: pre-hashes and comparison of costs (Rust)",
    ...passwordTests,
    files: [
      "src/password/prehash.rs",
      "src/password/prehash_option.rs",
      "src/password/target_hash.rs",
      "src/password/kdf.rs",
      "src/password/new_scheme.rs",
      "src/password/hmac_key.rs",
    ],
  },
];

/** All files of a group whose name is one of the texts, and otherwise those whose path contains one. Without texts, all. */
export function chosenFiles({ name, files }, texts) {
  if (texts.length === 0 || texts.includes(name)) return files;
  return files.filter((file) => texts.some((text) => file.includes(text)));
}

/** Whether a file of Rust is one of a group's. `*` stands for all files of a folder, without its subfolders. */
export function isRustOf(files, file) {
  return files.some((name) => name === file || (basename(name) === "*.rs" && dirname(name) === dirname(file)));
}
