// The alternatives that compare.mjs builds: the module they concern, what is timed, and the edits that make them.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const rust = (name) => readFileSync(join(import.meta.dirname, "rust", name), "utf8");
const replace = (from, to) => (text) => text.replace(from, to);

const MODULES = /^tools\/build\/modules\.mjs$/;

/** Both password modules without flags, built once. The script of the workers is compiled against the larger one. */
const passwordsWithoutFlags = {
  variant: "llvm-flags-passwords",
  modules: ["password", "argon2"],
  edits: [
    [MODULES, replace(/(argon2|password): \["-Ctarget-feature=\+simd128".*\]/g, '$1: ["-Ctarget-feature=+simd128"]')],
    [MODULES, replace(/const linkFlags = \{.*\};/, "const linkFlags = {};")],
  ],
};

export const alternatives = {
  // HMAC by the crate instead of src/crypto/hmac.rs.
  hmac: {
    module: "jwt",
    tasks: ["HS256 sign", "HS256 verify", "HS512 verify"],
    edits: [[/crypto\/hmac\.rs$/, () => rust("hmac.rs")]],
  },
  // ECDSA by the curves' crates alone.
  "ecdsa-tables": {
    module: "jwt",
    tasks: ["ES256 verify", "ES384 verify", "ES512 verify", "ES256 verify, new keys"],
    // Not only out of use, but gone: nothing makes a table.
    edits: [
      [
        /ecdsa\/verifier\.rs$/,
        (text) =>
          text
            .replace(/if let Some\(table\) = self\.table\.get\(\) \{[^}]*\}/, "")
            .replace(/^ +self\.count_check\(\);\n/m, ""),
      ],
    ],
  },
  // Ed25519 without any table.
  "ed25519-no-table": {
    module: "jwt",
    tasks: ["EdDSA sign", "EdDSA verify"],
    edits: [[/ed25519\/multiples\.rs$/, replace(/(USES_BEFORE_TABLE: u32 = )\d+/, "$1u32::MAX")]],
  },
  // Signing and checking by `ed25519-dalek`, with the tables that it carries.
  "ed25519-crate": {
    module: "jwt",
    tasks: ["EdDSA sign", "EdDSA verify", "EdDSA verify, new keys"],
    edits: [[/crypto\/ed25519\.rs$/, ed25519ByCrate]],
  },
  // Base64url by the table of the crate `base64`.
  "base64url-vectors": {
    module: "jwt",
    tasks: ["HS256 verify", "HS512 verify"],
    edits: [[/base64url\.rs$/, replace(/target_feature = "simd128"/g, 'target_feature = "absent"')]],
  },
  // JSON by `serde_json`.
  json: {
    module: "jwt",
    tasks: ["HS256 sign", "HS256 verify", "HS256 verify, 4 KiB of claims"],
    vectors: /^(json|header|claims|decode)/,
    edits: [[/json\/reader\.rs$/, jsonBySerde]],
  },
  // The crates for key documents beside our reader: what they weigh.
  "der-crates": {
    module: "jwt",
    tasks: ["DER import"],
    vectors: /^key-/,
    edits: [
      dependencies(
        'pkcs1 = { version = "0.8", default-features = false, features = ["alloc"] }',
        'pkcs8 = { version = "0.11", default-features = false, features = ["alloc"] }',
        'sec1 = { version = "0.8", default-features = false, features = ["alloc", "der"] }',
      ),
      [/document\/read\.rs$/, hasFormByCrates],
    ],
  },
  // No reading of key documents at all: what our reader weighs.
  "der-none": {
    module: "jwt",
    tasks: [],
    edits: [
      [
        /document\/read\.rs$/,
        (text) =>
          text
            .replace(body(text, "pub(crate) fn read("), '    let _ = (form, der);\n    Err(invalid("none").into())\n')
            .replace(body(text, "pub(crate) fn has_form("), "    let _ = (form, der);\n    false\n"),
      ],
    ],
  },
  // Keys under a passphrase by the crate `pkcs5`.
  pbes2: {
    module: "jwt",
    tasks: [],
    vectors: /^key-encrypted/,
    edits: [
      dependencies('pkcs5 = { version = "0.8", default-features = false, features = ["pbes2", "alloc"] }'),
      [/encrypted\/pbes2\.rs$/, pbes2ByCrate],
    ],
  },
  // PEM by the crates `pem-rfc7468` and `pem`.
  "pem-rfc7468": {
    module: "jwt",
    tasks: ["PEM import"],
    vectors: /^key-/,
    edits: [
      dependencies('pem-rfc7468 = { version = "1", features = ["alloc"] }'),
      [
        /jose\/pem\.rs$/,
        pemBy("pem_rfc7468::decode_vec(text.as_bytes()).map(|(label, der)| (label, Zeroizing::new(der)))"),
      ],
    ],
  },
  // The JavaScript as it was compiled, file by file.
  join: {
    module: "jwt",
    startsUp: true,
    tasks: [],
    edits: [
      [
        /^tools\/build\/join\.mjs$/,
        replace(
          /const joined = await bundled\([\s\S]*?\n {4}\);/,
          `const joined = paths.filter((path) => path.endsWith(".js"))
      .map((path) => ({ path, code: readFileSync(join(root, compiled, path)) }));`,
        ),
      ],
    ],
  },
  // Exports by name, as wasm-bindgen makes them.
  table: {
    module: "jwt",
    startsUp: true,
    tasks: [],
    edits: [
      [
        MODULES,
        (text) =>
          text
            .replace(/moveIntoTable\((readFileSync\(.*?\))\);/, "{ bytes: $1, names: [] };")
            .replace(/callFromTable\((.*), names\)/, "$1"),
      ],
    ],
  },
  // Unicode normalization by the crate `unicode-normalization`.
  unicode: {
    module: "password",
    tasks: ["Argon2id, a password that is not ASCII"],
    vectors: /^password-unicode/,
    edits: [
      dependencies('unicode-normalization = { version = "0.1.25", default-features = false }'),
      [/normalize\.rs$/, normalizeByCrate],
    ],
  },
  // The only flags are those for vectors.
  "llvm-flags-jwt": {
    module: "jwt",
    tasks: ["HS256 sign", "HS256 verify", "ES256 verify", "EdDSA verify"],
    edits: [[MODULES, replace(/, `-Cllvm-args=-inline-threshold=\$\{inlined\}`/, "")]],
  },
  // No vectors either.
  "no-vectors-jwt": {
    module: "jwt",
    tasks: ["HS256 sign", "HS256 verify"],
    edits: [[MODULES, replace(/return \["-Ctarget-feature=\+simd128", '--cfg=cpu/, `return ['--cfg=cpu`)]],
  },
  // 64-bit limbs, which is the crates' default on wasm32.
  "limbs-64": {
    module: "jwt",
    tasks: ["ES256 verify", "ES384 verify", "ES512 verify", "RS256 verify"],
    edits: [[MODULES, replace(`'--cfg=cpubits="32"', `, "")]],
  },
  "llvm-flags-argon2": {
    module: "argon2",
    tasks: ["Argon2id"],
    ...passwordsWithoutFlags,
  },
  "llvm-flags-password": {
    module: "password",
    tasks: ["Argon2id", "bcrypt", "scrypt"],
    ...passwordsWithoutFlags,
  },
  // bcrypt with the products reordered, as LLVM would have them; Argon2 then as well.
  "products-reordered": {
    module: "password",
    tasks: ["Argon2id", "bcrypt"],
    edits: [[MODULES, replace(/^ *"-Cllvm-args=-opt-disable=reassociate",\n/m, "")]],
  },
};

/** Adds dependencies, one line of TOML each. */
function dependencies(...lines) {
  return [/^Cargo\.toml$/, replace(/^\[dependencies\]$/m, ["[dependencies]", ...lines].join("\n"))];
}

/** The text of a function from its opening brace on. */
function body(text, signature) {
  const start = text.indexOf(signature);
  const open = text.indexOf(" {\n", start);
  const close = text.indexOf("\n}\n", open);
  if (start < 0 || open < 0 || close < 0) throw new Error(`there is no ${signature}`);
  return text.slice(open + 3, close + 1);
}

function pemBy(expression) {
  return (text) =>
    text.replace(
      body(text, "pub(crate) fn open("),
      `    ${expression}.map_err(|_| invalid("PEM is not well-formed"))\n`,
    );
}

function pbes2ByCrate(text) {
  const decrypt = `    let der = algorithm.write();
    let scheme = pkcs5::EncryptionScheme::try_from(der.as_slice()).map_err(|_| unsupported())?;
    let kdf = scheme.pbes2().and_then(|parameters| parameters.kdf.pbkdf2()).ok_or_else(unsupported)?;
    if !(1..=MAX_ROUNDS).contains(&kdf.iteration_count) {
        return Err(invalid("the encrypted key's PBKDF2 iteration count is not between 1 and 2000000"));
    }
    scheme.decrypt(passphrase, data).map(Zeroizing::new).map_err(|_| other_passphrase())
`;
  return text.replace(body(text, "pub(super) fn decrypt("), decrypt).replace(
    /let wrapping = [\s\S]*?encrypt_padded_vec.*\n/,
    `let scheme = pkcs5::pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(ROUNDS, salt, *iv).ok()?;
    let data = scheme.encrypt(passphrase, key).ok()?;
`,
  );
}

function hasFormByCrates(text) {
  const forms = `    use pkcs8::der::Decode;
    match form {
        KeyForm::Pkcs1Private => pkcs1::RsaPrivateKeyRef::from_der(der).is_ok(),
        KeyForm::Pkcs1Public => pkcs1::RsaPublicKeyRef::from_der(der).is_ok(),
        KeyForm::Pkcs8 => pkcs8::PrivateKeyInfoRef::from_der(der).is_ok(),
        KeyForm::Sec1 => sec1::EcPrivateKey::from_der(der).is_ok(),
        KeyForm::Spki => pkcs8::SubjectPublicKeyInfoRef::from_der(der).is_ok(),
    }
`;
  return text.replace(body(text, "pub(crate) fn has_form("), forms);
}

function normalizeByCrate(text) {
  const start = text.indexOf("fn apply(");
  const open = text.indexOf(" {\n", start);
  const close = text.indexOf("\n    }\n", open);
  return `${text.slice(0, open)} {
        use unicode_normalization::UnicodeNormalization;
        Ok(Zeroizing::new(match self {
            Self::Nfc => text.nfc().collect(),
            Self::Nfkc => text.nfkc().collect(),
            Self::None => text.to_owned(),
        }))${text.slice(close)}`;
}

function jsonBySerde(text) {
  const fault = text.match(/Result<Json<'a>, (\w+)>/)[1];
  return rust("json.rs").replaceAll("FAULT", fault);
}

function ed25519ByCrate(text) {
  const signs = /let nonce = Sha512::new\(\)[\s\S]*?Ok\(\[commitment.*\)/;
  const verifies = /let \(commitment, response\) = [\s\S]*?Err\(SignatureError::new\(\)\)\n\s*\}/;
  return text
    .replace(
      signs,
      "Ok(ed25519_dalek::hazmat::raw_sign::<Sha512>(&self.expanded, message, &self.public).to_bytes().to_vec())",
    )
    .replace(verifies, "self.key.verify_strict(message, &signature).map_err(|_| SignatureError::new())")
    .replace(/VerifyingKey::from\(BASE\.times\(.*\)\)/, "VerifyingKey::from(&ExpandedSecretKey::from(&**seed))")
    .replace(", negative: Multiples::of(self.0.to_edwards().neg())", "")
    .replace("    negative: Multiples,\n", "")
    .replace(/^(mod multiples|use self::multiples::.*|use core::ops::Neg);$/gm, "");
}
