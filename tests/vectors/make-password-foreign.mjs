// Hashes made by other software: the right password and a wrong one, in every known form.

import { createHash } from "node:crypto";
import {
  ASCII,
  another,
  BLANKS,
  DECOMPOSED,
  EMPTY,
  HTML,
  isRare,
  isRenewed,
  LIGATURE,
  LONG,
  QUOTED,
  SPACED,
  UNICODE,
} from "../interop/passwords/formats.mjs";
import { accepts, dismisses } from "./make-check-password.mjs";
import { made, STORED } from "./make-foreign.mjs";

const WORDS = new Map([
  [EMPTY, "nothing"],
  [ASCII, "ascii"],
  [BLANKS, "blanks"],
  [UNICODE, "unicode"],
  [DECOMPOSED, "decomposed_unicode"],
  [LONG, "100_bytes"],
  [LIGATURE, "ligatures"],
  [SPACED, "white_space"],
  [QUOTED, "quotes"],
  [QUOTED.normalize("NFD"), "decomposed_quotes"],
  [HTML, "html"],
  [HTML.normalize("NFD"), "decomposed_html"],
]);
/** 32 MiB each, so of these two must do for every software. */
const SLOW = ["better-auth", "lucia-legacy"];
/** Node's own `<salt>:<key>` has the shape of better-auth's, which a password that matches nothing is said to be of. */
const shapeOf = ({ scheme, stored }) => (/^[0-9a-f]{32}:[0-9a-f]{128}$/.test(stored) ? "better-auth" : scheme);
const FEW = STORED.filter(
  ({ software, scheme, password }) =>
    !(SLOW.includes(scheme) || software === "Node.js") || [UNICODE, LIGATURE].includes(password),
);

const seen = new Map();
const names = FEW.map(({ software, format, password }) => {
  const name = `${software}_${format}_${WORDS.get(password)}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  seen.set(name, (seen.get(name) ?? 0) + 1);
  return (seen.get(name) === 1 ? name : `${name}_${seen.get(name)}`).replace(/^_/, "");
});

/** Digests without a salt, which a policy must name. */
const policyOf = (scheme) => (scheme === "plain-digest" ? { accept: ["argon2id", scheme] } : undefined);

const rightOfAll = FEW.map(({ software, version, scheme, password, stored }, index) =>
  accepts(`accepts_${names[index]}`, `${software} ${version}`, password, stored, {
    scheme,
    needsRehash: isRenewed(scheme, password, stored),
    policy: policyOf(scheme),
  }),
);
const wrongOfAll = FEW.flatMap((one, index) => {
  const { software, version, scheme, password, stored } = one;
  if (SLOW.includes(scheme) && password !== LIGATURE) return [];
  const name = `dismisses_another_password_than_${names[index]}`;
  return [
    dismisses(name, `${software} ${version}`, another(password), stored, {
      scheme: shapeOf(one),
      policy: policyOf(scheme),
    }),
  ];
});

const isCommon = ({ stored }) => !isRare(stored);
const [right, wrong] = [rightOfAll, wrongOfAll].map((cases) => cases.filter(isCommon));
/** Those that only `countersign/formats` reads. */
export const rare = [...rightOfAll, ...wrongOfAll].filter(({ stored }) => isRare(stored));

/** Published with the tests of ASP.NET Core Identity, of "my password". */
const identity = [
  ["sha512_50_iterations", "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw"],
  [
    "sha512_250_iterations",
    "AQAAAAIAAAD6AAAAIJbVi5wbMR+htSfFp8fTw8N8GOS/Sje+S/4YZcgBfU7EQuqv4OkVYmc4VJl9AGZzmRTxSkP7LtVi9IWyUxX8IAAfZ8v+ZfhjCcudtC1YERSqE1OEdXLW9VukPuJWBBjLuw==",
  ],
  ["sha1_250_iterations", "AQAAAAAAAAD6AAAAEAhftMyfTJylOlZT+eEotFXd1elee8ih5WsjXaR3PA9M"],
  ["sha256_10000_iterations", "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw=="],
].map(([name, stored]) =>
  accepts(`accepts_a_published_hash_of_identity_with_${name}`, "dotnet/aspnetcore", "my password", stored, {
    scheme: "aspnet-identity-v3",
    needsRehash: true,
  }),
);

const UNUSABLE = "Django's mark that a user has no password";
const nobody = { ok: { ok: false, needsRehash: false, scheme: null } };
const quick = { params: { memoryKib: 64, passes: 1, lanes: 1 } };
const unusable = [
  ["lets_nobody_in_with_an_unusable_password", `!${"abcdefghijABCDEFGHIJ".repeat(2)}`],
  ["lets_nobody_in_with_an_exclamation_mark", "!"],
].flatMap(([name, stored]) => [
  { name, source: UNUSABLE, op: "verifyPassword", password: "!", stored, policy: quick, expect: nobody },
  {
    name: `${name}_by_the_empty_password`,
    source: UNUSABLE,
    op: "verifyPassword",
    password: "",
    stored,
    policy: quick,
    expect: nobody,
  },
  {
    name: `replaces_nothing_where_it_${name}`,
    source: UNUSABLE,
    op: "needsRehash",
    stored,
    policy: quick,
    expect: { ok: false },
  },
]);

const wordpress = made("PHP", "wordpress");
const phpass = made("passlib", "phpass");
const padded = (name, one, padding, right) => {
  const password = `${padding}${one.password}${padding}`;
  const options = { scheme: one.scheme };
  const source = "WordPress takes off white space, and nobody else does";
  if (right) return accepts(name, source, password, one.stored, { ...options, needsRehash: false });
  return dismisses(name, source, password, one.stored, options);
};
const white = [
  padded("takes_off_what_php_trims_for_wordpress", wordpress, " \t\n\r\0\x0b", true),
  padded("takes_off_what_php_trims_for_phpass_of_wordpress", phpass, " \t\n\r\0\x0b", true),
  padded("takes_off_no_other_space_for_wordpress", wordpress, "\u2003", false),
  padded("takes_off_nothing_for_phpass_of_phpbb", made("passlib", "phpass", "$H$"), " ", false),
  padded("takes_off_nothing_for_django", made("Django", "pbkdf2_sha256"), " ", false),
];

const stands = (format, password, software) =>
  STORED.find(
    (one) => one.format === format && one.password === password && one.software === (software ?? one.software),
  );
const nulls = [
  ["better_auth", stands("scrypt", UNICODE, "@better-auth/utils")],
  ["identity", stands("v3", UNICODE)],
  ["django", stands("pbkdf2_sha256", UNICODE)],
].map(([name, one]) =>
  dismisses(
    `dismisses_a_null_character_after_the_password_of_${name}`,
    "RFC 2104 §2: HMAC fills up a short key with zeros",
    `${one.password}\0`,
    one.stored,
    { scheme: one.scheme },
  ),
);

/** As the software got to see a password. */
const slashed = (password) => password.replaceAll(/['"\\]/g, "\\$&").replaceAll("\0", "\\0");
const html = (password) =>
  password.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const requests = [
  ["slashes", "wordpress", "wordpress-log-in", QUOTED, slashed],
  ["slashes", "phpass_of_wordpress", "wordpress-log-in-phpass", QUOTED, slashed],
  ["html", "phpbb", "phpbb-log-in", HTML, html],
].flatMap(([what, whose, format, password, seen]) => {
  const one = stands(format, password);
  const decomposed = stands(format, password.normalize("NFD"));
  const source = "WordPress hashes with slashes, phpBB hashes HTML";
  const accepted = (name, typed, from, needsRehash, policy) =>
    accepts(name, source, typed, from.stored, { scheme: one.scheme, needsRehash, policy });
  const dismissed = (name, typed, from) => dismisses(name, source, typed, from.stored, { scheme: one.scheme });
  return [
    accepted(`accepts_a_decomposed_password_in_${what}_of_${whose}`, password.normalize("NFD"), one, true),
    accepted(`accepts_a_password_in_${what}_of_${whose}_by_any_policy`, password, one, true, { normalize: "none" }),
    accepted(`renews_no_password_typed_in_${what}_of_${whose}`, seen(password), one, false),
    dismissed(`dismisses_a_password_in_${what}_twice_of_${whose}`, seen(seen(password)), one),
    dismissed(`dismisses_a_composed_password_in_${what}_of_${whose}_decomposed`, password, decomposed),
  ];
});
const escapes = [
  ...requests,
  accepts(
    "renews_no_password_with_slashes_of_wordpress_and_white_space",
    "WordPress takes off white space, and a new hash does not",
    ` ${QUOTED}`,
    stands("wordpress-log-in", QUOTED).stored,
    { scheme: "wordpress", needsRehash: false },
  ),
  dismisses(
    "dismisses_slashes_for_phpbb",
    "phpBB puts none before anything",
    QUOTED,
    stands("wordpress-log-in-phpass", QUOTED).stored.replace("$P$", "$H$"),
    { scheme: "phpass" },
  ),
  dismisses(
    "dismisses_html_for_wordpress",
    "WordPress writes none",
    HTML,
    stands("phpbb-log-in", HTML).stored.replace("$H$", "$P$"),
    { scheme: "phpass" },
  ),
  ...[
    ["dismisses_slashes_that_make_a_password_too_long_for_wordpress", "wordpress-log-in-phpass", "'"],
    ["dismisses_html_that_makes_a_password_too_long_for_phpbb", "phpbb-log-in", "&"],
  ].map(([name, format, character]) =>
    dismisses(name, "4096 bytes are the most that they hash", character.repeat(4000), stands(format, UNICODE).stored, {
      scheme: "phpass",
    }),
  ),
  accepts(
    "accepts_the_longest_password_in_slashes_of_wordpress",
    "4096 bytes are the most that it hashes",
    "'".repeat(2048),
    phpassOf("$P$", "\\'".repeat(2048)),
    { scheme: "phpass", needsRehash: true },
  ),
  dismisses(
    "dismisses_a_password_in_slashes_that_wordpress_does_not_hash",
    "4096 bytes are the most that it hashes",
    "'".repeat(2049),
    phpassOf("$P$", "\\'".repeat(2049)),
    { scheme: "phpass" },
  ),
  accepts(
    "accepts_a_password_in_html_with_white_space_of_phpbb",
    "phpBB takes off none",
    " a&",
    phpassOf("$H$", " a&amp;"),
    { scheme: "phpass", needsRehash: true },
  ),
  accepts(
    "renews_no_password_in_slashes_with_white_space_of_wordpress",
    "WordPress takes off white space, and a new hash does not",
    " a'",
    phpassOf("$P$", "a\\'"),
    { scheme: "phpass", needsRehash: false },
  ),
];

/** phpass with its fewest rounds, for texts that no stored hash is of. */
function phpassOf(prefix, text) {
  const DIGITS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const salt = "somesalt";
  const md5 = (...parts) => parts.reduce((digest, part) => digest.update(part), createHash("md5")).digest();
  let digest = md5(salt, text);
  for (let round = 0; round < 128; round += 1) digest = md5(digest, text);
  let tag = "";
  for (let start = 0; start < 16; start += 3) {
    const group = digest.subarray(start, start + 3);
    const value = group[0] + ((group[1] ?? 0) << 8) + ((group[2] ?? 0) << 16);
    for (let place = 0; place <= group.length; place += 1) tag += DIGITS[(value >> (6 * place)) & 63];
  }
  return `${prefix}5${salt}${tag}`;
}

const form = (name, password, one, ok, policy) => {
  const source = "better-auth and Lucia hash in NFKC, whatever the policy's form";
  const options = { scheme: one.scheme, policy };
  if (ok) return accepts(name, source, password, one.stored, { ...options, needsRehash: password !== LIGATURE });
  return dismisses(name, source, password, one.stored, options);
};
const ofLigatures = STORED.find((one) => one.software === "@better-auth/utils" && one.password === LIGATURE);
const django = STORED.find((one) => one.format === "pbkdf2_sha256" && one.password === UNICODE);
const forms = [
  form("normalizes_for_better_auth_to_nfkc", LIGATURE.normalize("NFKC"), ofLigatures, true),
  form("normalizes_for_better_auth_to_nfkc_by_any_policy", LIGATURE, ofLigatures, true, { normalize: "none" }),
  form("normalizes_for_django_as_the_policy_has_it", UNICODE.normalize("NFD"), django, true),
  form("normalizes_for_django_not_at_all_if_the_policy_says_so", UNICODE.normalize("NFD"), django, false, {
    normalize: "none",
  }),
];

// The same computation by its costs, whoever stores it; others by rank.
const BCRYPT = { scheme: "bcrypt", params: { cost: 10 } };
const SHA512 = { scheme: "pbkdf2-sha512" };
const inBcrypt = (stored, cost) => stored.replace("$04$", `$${cost}$`).replace("r=4$", `r=${Number(cost)}$`);
const inIdentity = (iterations) => {
  const bytes = Buffer.from(made("ASP.NET Identity", "v3").stored, "base64");
  bytes.writeUInt32BE(2, 1);
  bytes.writeUInt32BE(iterations, 5);
  return bytes.toString("base64");
};
const argon2 = (scheme, costs) => `$${scheme}$v=19$${costs}$${"A".repeat(22)}$${"A".repeat(43)}`;
const kin = [
  ["keeps_identity_with_more_iterations_than_the_policy", inIdentity(3_000_000), SHA512, false],
  ["renews_identity_with_fewer_iterations_than_the_policy", inIdentity(219_999), SHA512, true],
  [
    "keeps_the_bcrypt_of_django_at_a_higher_cost",
    inBcrypt(made("Django", "bcrypt_sha256").stored, "14"),
    BCRYPT,
    false,
  ],
  ["renews_the_bcrypt_of_django_at_a_lower_cost", inBcrypt(made("Django", "bcrypt_sha256").stored, "09"), BCRYPT, true],
  ["keeps_the_bcrypt_of_wordpress_at_a_higher_cost", inBcrypt(wordpress.stored, "14"), BCRYPT, false],
  ["renews_the_bcrypt_of_wordpress_at_a_lower_cost", inBcrypt(wordpress.stored, "09"), BCRYPT, true],
  ["keeps_argon2i_at_sound_costs_under_pbkdf2", argon2("argon2i", "m=65536,t=16,p=1"), SHA512, false],
  ["keeps_argon2d_at_sound_costs_under_bcrypt", argon2("argon2d", "m=65536,t=16,p=1"), BCRYPT, false],
  ["renews_argon2i_below_sound_costs_under_pbkdf2", argon2("argon2i", "m=64,t=1,p=1"), SHA512, true],
  ["renews_argon2d_under_argon2id", argon2("argon2d", "m=65536,t=16,p=1"), quick, true],
  [
    "keeps_better_auth_at_the_cost_of_the_policy",
    ofLigatures.stored,
    { scheme: "scrypt", params: { cost: 14, blockSize: 16 } },
    false,
  ],
].map(([name, stored, policy, ok]) => ({
  name,
  source: "one computation is judged by its costs, different ones by rank",
  op: "needsRehash",
  stored,
  policy,
  expect: { ok },
}));

const mask = (stored) => stored.replace(/[$].*/, "$");
const replaced = [made("Werkzeug", "scrypt"), made("Django", "bcrypt_sha256"), made("PHP", "sha512-crypt")].map(
  (one) => ({
    name: `replaces_what_${one.software}_made_of_${mask(one.stored)}`
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "_")
      .replace(/_$/, ""),
    source: "every scheme of others is weaker than Argon2id",
    op: "verifyAndUpdate",
    password: one.password,
    stored: one.stored,
    policy: quick,
    expect: { ok: { ok: true, newHash: "\\$argon2id\\$v=19\\$m=64,t=1,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}" } },
  }),
);

export default {
  description: "Stored hashes that the software of others made, in all the forms that are known.",
  cases: [...right, ...wrong, ...identity, ...unusable, ...white, ...nulls, ...escapes, ...forms, ...kin, ...replaced],
};
