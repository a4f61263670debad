// Formats that only `countersign/formats` reads: hashes that their software has made or published, and beside them neighbors
// that stay refused.

import { createHash, pbkdf2Sync, scryptSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { another, isRenewed, UNICODE } from "../interop/passwords/formats.mjs";
import { accepts, dismisses, malformed, refuses, SALT, tooHigh, unsupported } from "./make-check-password.mjs";
import { made } from "./make-foreign.mjs";
import { rare } from "./make-password-foreign.mjs";

const originals = JSON.parse(
  readFileSync(new URL("../interop/passwords/originals.json", import.meta.url), "utf8"),
).cases.flatMap(({ software, version, format, source, scheme, password, stored }, index) => {
  if (scheme === null) return [];
  const name = `${software}_${format}_${index}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
  const from = [source, version].filter(Boolean).join(", version ");
  const needsRehash = isRenewed(scheme, password, stored);
  return [
    accepts(`accepts_the_original_of_${name}`, from, password, stored, { scheme, needsRehash }),
    dismisses(`dismisses_another_password_than_the_original_of_${name}`, from, another(password), stored, { scheme }),
  ];
});

const CORRECT = "correct horse battery staple";
/** [name, source, scheme, stored, password] */
const EXAMPLES = [
  ["spring_bcrypt", "bcrypt 6.0.0", "bcrypt", "{bcrypt}$2a$04$VjUL5VwZDP8BFvFJKOJPg.XKzah2vXpgGSNyejTDabY4gD2nBCbiC"],
  [
    "ldap_sha512_crypt",
    "passlib 1.7.4",
    "sha512-crypt",
    "{CRYPT}$6$PPyD58qOHK.eL54.$So6.zdeU7yjKGfMeBZ7Rqbz8pvl81aL4cifK5ApC4jj3owpkFEENqVSh5mukibYvv/SmvQAS7EPXFAIwTk7qW0",
  ],
  [
    "yescrypt",
    "mkpasswd 5.5.17",
    "yescrypt",
    "$y$j9T$Kiy2U8O0ZFsidtdPMtsbh0$SxiYvgU7lOvxvs6Nh20D4V4B77LRA49vAodB2xh4J3.",
  ],
  [
    "firescrypt",
    "github.com/firebase/scrypt, as Ory writes it",
    "firebase-scrypt",
    "$firescrypt$ln=14,r=8,p=1$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==",
    "user1password",
  ],
  [
    "identity_v2",
    "accepted by aspnet-identity-pw 1.0.2",
    "aspnet-identity-v2",
    "ACcwPG5rJer5Pey0wnX7SdslY2K9N4/EuhQ4PbmU9hnYpWn2xY7k8uFd5Q4c9gXW7Q==",
  ],
  [
    "spring_pbkdf2",
    "by Spring Security's documentation",
    "pbkdf2-sha256",
    "{pbkdf2@SpringSecurity_v5_8}8d22e65bbf0dc0ee3f0fb7b292da64a98c3442e0de6ab040443b0ffd705d026f368cfff3a389849a4e28f91def25ba1a",
  ],
  [
    "spring_scrypt",
    "by Spring Security's documentation",
    "scrypt",
    "{scrypt@SpringSecurity_v5_8}$100801$e0Qjtcneu30V2SJ2guIWEw==$PSb7i/b/XqD4aRRzp3ODrKPZ27VeXbXsLps6w+rulg0=",
  ],
  [
    "mediawiki_argon2",
    "MediaWiki 1.39.17",
    "argon2id",
    ":argon2:$argon2id$v=19$m=65536,t=4,p=1$alR6WEt6a3JTWTVRUjRITA$cU4RL1HZkeqieN7KOHnmQmPYEYm+IGzPlRmtJ1z0RXw",
  ],
  ["drupal", "by Drupal's source", "drupal", "$S$DmIVlGgwx8siErNWI2zTFC.EIQBc7xKbE1ApJ30peAxMsr4M4rQ3"],
  ["drupal_6", "by Drupal's source", "drupal", "U$S$9mIVlGgwxaM36RGitzFiL3mlwO7EJhkBQmBFUMtG4.jKPbpfy1.v"],
  [
    "werkzeug_sha256",
    "Werkzeug 2.3.8",
    "salted-digest",
    "sha256$qyTuwE3CDxggkA20$5ff71110404fced042a07eecee6bac0e2d5055b78e067b2ed8dcb3ff52c58c5d",
  ],
  ["mediawiki_b", "MediaWiki 1.39.17", "salted-digest", ":B:ad313991:55a45544027359b7f6fb3ce5ff5488cc"],
  ["apr1", "passlib 1.7.4", "md5-crypt", "$apr1$wzPHxVlu$0.0a.gHyLj/zQYl.eJYUF."],
  ["ssha", "passlib 1.7.4", "salted-digest", "{SSHA}WjdUxxNMwvWeu+12lgaqYQJYBjMnhLA2"],
  [
    "pkcs5s2",
    "passlib 1.7.4",
    "pbkdf2-sha1",
    "{PKCS5S2}O2eMUQphLGVMCcH4v5fSOhI+L3+MJu/kt4nr/QH3BsveWomtq2ZApZj1AGHEyLEP",
  ],
].flatMap(([name, source, scheme, stored, password = CORRECT]) => [
  accepts(`accepts_the_example_of_${name}`, source, password, stored, {
    scheme,
    needsRehash: isRenewed(scheme, password, stored),
  }),
  dismisses(`dismisses_a_wrong_password_for_the_example_of_${name}`, source, `${password}.`, stored, { scheme }),
]);

const length = (name, least, most = least) =>
  malformed(`stored hash's ${name} is not ${least === most ? least : `${least} to ${most}`} bytes long`);
const unknown = malformed("stored hash is not in a known format");
const unknownScheme = unsupported("stored hash uses an unknown scheme: let its user set a new password");
const extra = malformed("stored hash has extra characters after its tag");
const cutShort = malformed("stored hash is cut short within its tag");
const advice = "let its user set a new password";
const named = malformed('stored hash has a name before it: keep what stands after the ":"');
const labeled = (label, meaning = `which no module reads: ${advice}`) =>
  unsupported(`stored hash has the label "{${label}}", ${meaning}`);
const inPlainText = (label) => labeled(label, "so it is a password in plain text: hash that");
const seems = (what) => unsupported(`stored hash seems to be ${what}, which no module reads: ${advice}`);
const unknownLabel = unsupported(`stored hash has an unknown label: remove it before a known hash, or ${advice}`);
const noTag = malformed("stored hash is cut short before its tag");
const notCrypt = malformed("stored hash's tag is not canonical crypt base64");
const notPadded = (name) => malformed(`stored hash's ${name} is not canonical base64`);
const notHex = (name) => malformed(`stored hash's ${name} is not hexadecimal`);
const notDecimal = (name) => malformed(`stored hash's "${name}" is not a plain decimal number`);
const none = (name) => malformed(`stored hash has no ${name}`);
const above = (name, limit) => tooHigh(`stored hash's "${name}" is more than the option "limits.${limit}" allows`);
const fields = (text, change) => {
  const all = text.split("$");
  change(all);
  return all.join("$");
};
const withField = (text, place, field) => fields(text, (all) => all.splice(place, 1, field));
const cut = (text) => text.slice(0, -1);

const all = (software, table) =>
  table.map(([name, text, error, policy]) =>
    refuses(`refuses_${name}_of_${software}`, `${software} writes no such thing`, text, error, policy),
  );

const md5Crypt = made("mkpasswd", "md5crypt").stored;
const md5 = all("md5_crypt", [
  ["a_salt_of_9_characters", withField(md5Crypt, 2, "123456789"), length("salt", 0, 8)],
  ["a_salt_that_is_not_ascii", withField(md5Crypt, 2, "é"), malformed("stored hash's salt is not printable ASCII")],
  ["a_tag_cut_short", cut(md5Crypt), cutShort],
  ["a_longer_tag", `${md5Crypt}.`, length("tag", 16)],
  ["a_tag_with_loose_bits", `${cut(md5Crypt)}z`, notCrypt],
  ["a_hash_without_a_tag", "$1$somesalt", noTag],
  ["another_field", `${md5Crypt}$`, extra],
  ["capitals", md5Crypt.replace("$1$", "$APR1$"), unknownScheme],
  ["rounds", md5Crypt.replace("$1$", "$md5,rounds=1000$"), seems("Sun's MD5")],
]);

const ssha = made("slappasswd", "SSHA").stored;
const sha = made("slappasswd", "SHA").stored;
const ssha512 = made("slappasswd", "SSHA512").stored;
const smd5 = made("doveadm", "SMD5").stored;
/** `{SSHA}` with a salt of so many bytes. */
const salted = (bytes) => {
  const salt = Buffer.alloc(bytes, "salty");
  const tag = createHash("sha1").update(CORRECT).update(salt).digest();
  return `{SSHA}${Buffer.concat([tag, salt]).toString("base64")}`;
};
const ldap = [
  ...all("ldap", [
    ["a_salted_digest_without_a_salt", `{SSHA}${sha.slice("{SHA}".length)}`, length("salt", 1, 64)],
    ["an_unsalted_digest_with_a_salt", `{SHA}${ssha.slice("{SSHA}".length)}`, length("salt", 0)],
    ["a_digest_of_another_name", `{SHA512}${sha.slice("{SHA}".length)}`, length("tag", 64)],
    [
      "a_digest_that_is_not_base64",
      sha.replace("{SHA}", "{SHA}*"),
      malformed("stored hash's tag is not canonical base64"),
    ],
    ["an_empty_digest", "{SHA}", cutShort],
    [
      "a_digest_with_white_space",
      sha.replace("{SHA}", "{SHA} "),
      malformed("stored hash's tag is not canonical base64"),
    ],
    ["hexadecimal_of_another_length", "{SHA.HEX}00", cutShort],
    ["hexadecimal_that_is_none", `{SHA.HEX}${"0g".repeat(20)}`, notHex("tag")],
    ["an_unknown_encoding", sha.replace("{SHA}", "{SHA.B32}"), unknownLabel],
    ["an_unknown_name", sha.replace("{SHA}", "{SHA3}"), unknownLabel],
    ["a_name_without_its_end", sha.replace("{SHA}", "{SHA"), unknown],
    ["a_salt_of_65_bytes", `{SSHA}${Buffer.alloc(85).toString("base64")}`, length("salt", 1, 64)],
    ["a_salted_digest_cut_within_its_tag", ssha.slice(0, 26), cutShort],
    ["a_salted_digest_cut_within_its_salt", salted(8).slice(0, 42), cutShort],
    ["a_salted_digest_cut_within_a_group", salted(8).slice(0, 43), cutShort],
    ["a_salted_digest_with_half_of_its_padding", cut(salted(8)), cutShort],
    ["a_salted_sha_512_cut_within_its_salt", ssha512.slice(0, -8), cutShort],
    ["a_salted_sha_512_cut_within_its_tag", ssha512.slice(0, 60), cutShort],
    ["a_salted_md5_cut_within_its_salt", smd5.slice(0, smd5.lastIndexOf("}") + 24), cutShort],
    ["a_digest_without_its_end", sha.slice(0, -8), cutShort],
    ["a_digest_in_hexadecimal_cut_within_a_byte", `{SHA.HEX}${"ab".repeat(22)}a`, cutShort],
    ["a_salted_digest_in_hexadecimal_cut_within_its_salt", `{SSHA.HEX}${"ab".repeat(23)}`, cutShort],
  ]),
  ...[4, 6, 8, 10, 16].map((bytes) =>
    accepts(
      `accepts_an_unpadded_salt_of_${bytes}_bytes_of_ldap`,
      "node:crypto",
      CORRECT,
      salted(bytes).replaceAll("=", ""),
      { scheme: "salted-digest", needsRehash: true },
    ),
  ),
  accepts(
    "accepts_ldap_behind_springs_id",
    "Spring Security's LdapShaPasswordEncoder",
    ...ofSlappasswd("SSHA", "{ldap}"),
  ),
  refuses("refuses_springs_id_twice", "Spring Security writes no such thing", `{ldap}{ldap}${ssha}`, unknownLabel),
  refuses(
    "refuses_springs_id_before_other_digests",
    "Spring Security writes no such thing",
    "{ldap}{MD5}00",
    unknownLabel,
  ),
  accepts(
    "accepts_the_names_of_ldap_in_small_letters",
    "RFC 2307 §5.3: names are case-insensitive",
    ...ofSlappasswd("SSHA"),
  ),
  accepts(
    "accepts_hexadecimal_of_ldap_behind_the_id_of_springs_rounds",
    "RFC 2307 §5.3: names are case-insensitive",
    CORRECT,
    `{sha256}${createHash("sha256").update(CORRECT).digest("hex")}`,
    { scheme: "salted-digest", needsRehash: true },
  ),
];

function ofSlappasswd(format, id = "") {
  const { password, stored } = made("slappasswd", format);
  return [
    password,
    id + stored.replace(`{${format}}`, id === "" ? `{${format.toLowerCase()}}` : `{${format}}`),
    { scheme: "salted-digest", needsRehash: true },
  ];
}

const bcrypt = made("npm bcrypt", "bcrypt").stored;
const argon2 = made("argon2-cffi", "argon2id").stored;
const sha512 = made("passlib", "sha512_crypt").stored;
const afterLabel = unsupported(`stored hash has an unknown hash after its label: ${advice}`);
const otherScheme = malformed("stored hash's label names another scheme");
const labels = [
  ...all("a_label", [
    ["a_label_and_nothing_else", "{bcrypt}", afterLabel],
    ["two_labels", `{bcrypt}{bcrypt}${bcrypt}`, afterLabel],
    ["a_label_before_another_labels_hash", `{CRYPT}{SSHA}${ssha.slice(6)}`, afterLabel],
    ["des_crypt", "{CRYPT}zOw3ocHjrCjas", seems("DES-crypt")],
    ["the_label_of_another_scheme", `{SHA512-CRYPT}${bcrypt}`, otherScheme],
    ["the_label_of_another_variant", `{ARGON2I}${argon2}`, otherScheme],
    ["nextclouds_label_of_another_scheme", `3|${bcrypt}`, otherScheme],
    ["a_label_of_plain_text", `{noop}${bcrypt}`, inPlainText("NOOP")],
    ["an_unknown_label", `{blowfish}${bcrypt}`, unknownLabel],
    ["a_label_with_white_space", ` {bcrypt}${bcrypt}`, unknown],
    ["a_label_with_white_space_after_it", `{bcrypt} ${bcrypt}`, afterLabel],
    ["an_unknown_number_of_nextcloud", `4|${argon2}`, unknown],
    ["jenkins_label_in_capitals", `#JBCRYPT:${bcrypt}`, named],
    [
      "a_hash_that_is_refused_without_its_label",
      `{bcrypt}${cut(bcrypt)}`,
      malformed("stored hash is cut short: 52 of 53 characters after its cost"),
    ],
    [
      "costs_that_are_refused_without_their_label",
      `argon2:${argon2.replace("m=64", "m=4194304")}`,
      above("m", "memoryKib"),
    ],
    [
      "a_scheme_behind_a_label_that_is_not_accepted",
      `{CRYPT}${sha512}`,
      unsupported('stored hash uses a scheme that is not in "accept"'),
      { accept: ["argon2id", "bcrypt"] },
    ],
  ]),
];

const yescrypt = made("mkpasswd", "yescrypt").stored;
const oddYescrypt = unsupported("stored hash uses parameters of yescrypt that are not supported");
const notYescrypt = malformed("stored hash's parameters are not yescrypt's numbers");
const yescrypts = all("yescrypt", [
  ["other_flags", yescrypt.replace("$y$j", "$y$i"), oddYescrypt],
  ["classic_scrypt", yescrypt.replace("$y$j", "$y$."), oddYescrypt],
  ["more_parameters", yescrypt.replace("$y$j75", "$y$j75."), notYescrypt],
  ["parameters_cut_short", withField(yescrypt, 2, "j7"), notYescrypt],
  ["no_parameters", withField(yescrypt, 2, ""), notYescrypt],
  ["parameters_of_other_characters", withField(yescrypt, 2, "j7-"), notYescrypt],
  ["a_cost_of_2_to_the_47", withField(yescrypt, 2, "jj5"), above("ln", "scryptMemoryKib")],
  ["the_greatest_block_size", withField(yescrypt, 2, "j7zzzzzz"), above("r", "scryptMemoryKib")],
  [
    "a_salt_of_other_characters",
    withField(yescrypt, 3, "salt-"),
    malformed("stored hash's salt is not canonical crypt base64"),
  ],
  ["a_salt_of_65_bytes", withField(yescrypt, 3, ".".repeat(87)), length("salt", 0, 64)],
  ["a_tag_cut_short", cut(yescrypt), cutShort],
  ["a_hash_without_a_tag", "$y$j75$somesalt", noTag],
  ["another_field", `${yescrypt}$`, extra],
]);

const withTime = made("perl", "yescrypt-t").stored;
const moreYescrypts = [
  dismisses(
    "dismisses_another_password_of_yescrypt_with_two_entries_for_each_lane",
    "yescrypt's least",
    CORRECT,
    withField(yescrypt, 2, "j/5.."),
    { scheme: "yescrypt" },
  ),
  ...all("yescrypt", [
    ["parameters_without_the_p_that_they_announce", withField(yescrypt, 2, "j85."), notYescrypt],
    ["parameters_without_the_t_that_they_announce", withField(yescrypt, 2, "j850."), notYescrypt],
    ["parameters_with_a_number_more", withField(withTime, 2, "j850..."), notYescrypt],
    ["a_count_of_upgrades", withField(yescrypt, 2, "j851."), oddYescrypt],
    ["a_read_only_memory", withField(yescrypt, 2, "j855."), oddYescrypt],
    [
      "lanes_without_two_entries_each",
      withField(yescrypt, 2, "j/5./"),
      malformed('stored hash\'s "p" is more than half of its N'),
    ],
    ["the_greatest_p", withField(yescrypt, 2, "j85.zzzzzz"), above("p", "lanes")],
    ["the_greatest_t", withField(yescrypt, 2, "j85/zzzzzz"), above("t", "scryptMemoryKib")],
    ["a_t_of_5_at_the_greatest_cost_allowed", withField(yescrypt, 2, "jBT/2"), above("t", "scryptMemoryKib")],
  ]),
  ...["", "{CRYPT}", "{gost_yescrypt}"].flatMap((label) => {
    const stored = `${label}$gy$j9T$bYJKCw785IF2JP6gQja/B/$72vb0Ge0P/zXbob0LNRg87YHBZ.W4zJAybTgHfEPzl8`;
    const name = `gost_yescrypt_after_${label.replaceAll(/\W/g, "").toLowerCase() || "nothing"}`;
    return [
      accepts(`accepts_${name}`, "mkpasswd 5.5.17", CORRECT, stored, { scheme: "yescrypt", needsRehash: true }),
      dismisses(`dismisses_a_wrong_password_for_${name}`, "mkpasswd 5.5.17", "Correct", stored, { scheme: "yescrypt" }),
    ];
  }),
  dismisses(
    "dismisses_gost_yescrypt_as_yescrypt",
    "libxcrypt: two functions",
    UNICODE,
    made("mkpasswd", "gost-yescrypt").stored.replace("$gy$", "$y$"),
    { scheme: "yescrypt" },
  ),
];

const fbscrypt = made("firebase-scrypt", "fbscrypt").stored;
const firescrypt = made("firebase-scrypt", "firescrypt").stored;
const firebase = all("firebase", [
  ["another_version", fbscrypt.replace("v=1,", "v=2,"), unsupported("stored hash has an unknown version")],
  ["no_signer_key", fbscrypt.replace(/,sk=[^$]+/, ""), none("signer key")],
  ["no_salt_separator", fbscrypt.replace(/,ss=[^,]+/, ""), none("salt separator")],
  [
    "a_signer_key_of_another_length",
    fbscrypt.replace(/sk=[^$]+/, `sk=${Buffer.alloc(32).toString("base64")}`),
    malformed("stored hash's tag is not as long as its signer key"),
  ],

  ["a_tag_cut_short", fbscrypt.slice(0, -8), cutShort],
  ["a_tag_without_its_padding", cut(fbscrypt), cutShort],
  ["a_key_cut_short", firescrypt.slice(0, -8), malformed("stored hash is cut short within its signer key")],
  ["a_cost_twice", fbscrypt.replace("n=6", "n=6,n=6"), malformed('stored hash has the parameter "n" twice')],
  ["another_parameter", fbscrypt.replace("n=6", "n=6,x=1"), malformed("stored hash has an unknown parameter")],
  ["a_parameter_without_a_name", firescrypt.replace("p=1", "p=1,x"), malformed("stored hash has an unknown parameter")],
  [
    "a_parameter_of_the_other_form",
    firescrypt.replace("p=1", "p=1,v=1"),
    malformed("stored hash has an unknown parameter"),
  ],
  ["n_itself", fbscrypt.replace("n=6", "n=16384"), above("ln", "scryptMemoryKib")],
  ["the_greatest_rounds", fbscrypt.replace("r=8", "r=4294967295"), above("r", "scryptMemoryKib")],
  ["a_salt_in_hexadecimal", withField(fbscrypt, 3, "zz"), notPadded("salt")],
  ["another_field", `${fbscrypt}$`, extra],
  ["firescrypt_without_its_key", fields(firescrypt, (all) => all.pop()), none("signer key")],
  ["firescrypt_without_its_separator", fields(firescrypt, (all) => all.splice(5)), none("salt separator")],
]);

const drupal = made("Drupal", "sha512").stored;
const drupals = all("drupal", [
  [
    "a_cost_of_2_to_the_6",
    drupal.replace("$S$5", "$S$4"),
    malformed('stored hash\'s cost is not a character from "5" to "S"'),
  ],
  [
    "a_cost_of_2_to_the_31",
    drupal.replace("$S$5", "$S$T"),
    malformed('stored hash\'s cost is not a character from "5" to "S"'),
  ],
  ["a_cost_of_2_to_the_30", drupal.replace("$S$5", "$S$S"), above("rounds", "shaCryptRounds")],
  ["a_tag_cut_short", cut(drupal), cutShort],
  ["a_salt_cut_short", drupal.slice(0, 9), malformed("stored hash is cut short within its salt")],
  ["no_tag", drupal.slice(0, 12), cutShort],
  ["a_tag_that_is_not_cut", `${drupal}.`, malformed("stored hash's tag is not 43 characters of crypt base64")],
  [
    "a_salt_of_other_characters",
    `${drupal.slice(0, 4)}-${drupal.slice(5)}`,
    malformed("stored hash's salt is not 8 characters of crypt base64"),
  ],
  ["a_mark_in_small_letters", drupal.replace("$S$", "u$S$"), unknownScheme],
]);

const identity = made("aspnet-identity-pw", "v2").stored;
const identities = all("identity_2", [
  ["a_hash_cut_at_its_start", identity.slice(4), unknown],
  ["a_hash_cut_short", identity.slice(0, 64), cutShort],
  ["a_hash_without_padding", identity.slice(0, -2), cutShort],
  ["another_first_byte", `B${identity.slice(1)}`, unknown],
  ["a_hash_in_the_other_alphabet", `${identity.slice(0, 20)}-${identity.slice(21)}`, unknown],
]);

const mosquitto = made("mosquitto_passwd", "sha512-pbkdf2").stored;
const mosquittos = all("mosquitto", [
  [
    "iterations_with_a_sign",
    withField(mosquitto, 2, "+101"),
    malformed("stored hash's costs are not 11 characters of crypt base64"),
  ],
  ["iterations_with_a_leading_zero", withField(mosquitto, 2, "0101"), notDecimal("iterations")],
  ["a_billion_iterations", withField(mosquitto, 2, "1000000000"), above("iterations", "pbkdf2Iterations")],
  ["a_tag_cut_short", `${mosquitto.slice(0, -6)}==`, cutShort],
  ["a_tag_without_its_end", mosquitto.slice(0, -30), cutShort],
  ["a_tag_without_its_padding", mosquitto.slice(0, -1), cutShort],
  ["no_tag", mosquitto.slice(0, mosquitto.lastIndexOf("$")), noTag],
  ["a_salt_that_is_not_base64", withField(mosquitto, 3, "*"), notPadded("salt")],
]);

const werkzeug = made("Werkzeug 2.3", "digest").stored;
const digests = all("werkzeug_2", [
  ["an_empty_salt", withField(werkzeug, 1, ""), length("salt", 1, 128)],
  ["a_tag_in_capitals", fields(werkzeug, (all) => all.splice(2, 1, all[2].toUpperCase())), notHex("tag")],
  ["a_tag_of_another_digest", werkzeug.replace("sha256$", "sha512$"), cutShort],
  ["a_hash_without_a_tag", "sha256$salt", noTag],
  ["another_field", `${werkzeug}$`, extra],
  ["another_name", werkzeug.replace("sha256$", "SHA256$"), unknownScheme],
]);

const wiki = made("MediaWiki", "pbkdf2").stored;
const wikiB = made("MediaWiki", "B").stored;
const wikis = all("mediawiki", [
  ["an_unknown_digest", wiki.replace("sha512", "whirlpool"), unsupported("stored hash uses an unknown digest")],
  ["a_shorter_length", wiki.replace(":64:", ":32:"), malformed("stored hash's tag is not as long as its length says")],
  ["a_billion_iterations", wiki.replace(":1000:", ":1000000000:"), above("iterations", "pbkdf2Iterations")],
  ["iterations_of_all_blocks", wiki.replace("sha512:1000:", "sha1:9999999:"), above("iterations", "pbkdf2Iterations")],
  ["a_b_hash_without_a_salt", wikiB.replace(/:B:\w+:/, ":B:"), none("tag")],
  ["a_b_hash_in_capitals", wikiB.toUpperCase(), notHex("tag")],
  ["a_tag_cut_short", cut(wikiB), cutShort],
  ["a_key_cut_short", wiki.slice(0, -10), cutShort],
  ["a_key_without_its_padding", cut(wiki), cutShort],
  ["an_unknown_letter", wikiB.replace(":B:", ":C:"), unknown],
  [
    "a_cost_of_100",
    ":bcrypt:100$aaaaaaaaaaaaaaaaaaaaaa$bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    malformed("stored hash's salt is not 22 characters of bcrypt base64"),
  ],
  ["a_cost_of_99", `:bcrypt:99$${bcrypt.slice(7, 29)}$${bcrypt.slice(29)}`, above("cost", "bcryptCost")],
]);
const wikiSha1 = [
  "1000",
  "20",
  SALT.toString("base64"),
  pbkdf2Sync(CORRECT, SALT, 1000, 20, "sha1").toString("base64"),
];
const wikisOfSha1 = [
  accepts("accepts_pbkdf2_with_sha1_of_mediawiki", "node:crypto", CORRECT, `:pbkdf2:sha1:${wikiSha1.join(":")}`, {
    scheme: "pbkdf2-sha1",
    needsRehash: true,
  }),
];

const spring = made("Spring Security", "pbkdf2@5.8").stored;
const springBase64 = spring.replace(/[0-9a-f]{96}$/, (text) => Buffer.from(text, "hex").toString("base64"));
const springSettings = unsupported(
  "stored hash has other settings than Spring Security's defaults and does not name them: convert it with fromColumns",
);
const springScrypt = made("Spring Security", "scrypt@5.8").stored;
const springs = all("spring", [
  ["hexadecimal_cut_short", spring.slice(0, -2), cutShort],
  ["hexadecimal_cut_within_a_byte", cut(spring), cutShort],
  ["a_label_and_nothing_else", "{pbkdf2@SpringSecurity_v5_8}", cutShort],
  ["a_tag_longer_than_by_default", `${spring}00`, springSettings],
  ["sha_512_by_other_settings", `{pbkdf2}${"0a".repeat(80)}`, springSettings],
  ["base64_cut_short", cut(springBase64), cutShort],
  ["hexadecimal_in_capitals", spring.replace(/[0-9a-f]+$/, (text) => `${text.slice(0, -1)}G`), notHex("salt and tag")],
  ["a_label_in_capitals", spring.replace("SpringSecurity", "SPRINGSECURITY"), unknownLabel],
  [
    "costs_with_a_leading_zero",
    withField(springScrypt, 1, "060801"),
    malformed("stored hash's costs are not a hexadecimal number"),
  ],
  [
    "costs_in_capitals",
    withField(springScrypt, 1, "E0801"),
    malformed("stored hash's costs are not a hexadecimal number"),
  ],
  ["the_greatest_costs", withField(springScrypt, 1, "ffffff"), above("ln", "scryptMemoryKib")],
  ["no_tag", fields(springScrypt, (all) => all.pop()), noTag],
  ["a_tag_cut_short", springScrypt.slice(0, -5), cutShort],
  ["a_tag_of_16_bytes_without_its_padding", springScrypt.slice(0, -22), cutShort],
  ["a_tag_of_3_bytes", springScrypt.slice(0, -40), cutShort],
]);

const springsBase64 = [
  accepts(
    "accepts_spring_in_base64",
    "setEncodeHashAsBase64",
    made("Spring Security", "pbkdf2@5.8").password,
    springBase64,
    {
      scheme: "pbkdf2-sha256",
      needsRehash: true,
    },
  ),
];

const springsTags = [48, 64].map((bytes) => {
  const tag = scryptSync(CORRECT, SALT, bytes, { N: 16, r: 8, p: 1 }).toString("base64");
  const stored = `{scrypt@SpringSecurity_v5_8}$40801$${SALT.toString("base64")}$${tag}`;
  return accepts(`accepts_a_tag_of_${bytes}_bytes_of_spring`, "node:crypto", CORRECT, stored, {
    scheme: "scrypt",
    needsRehash: true,
  });
});

const springDigest = made("Spring Security", "SHA-256").stored;
const springStandard = made("Spring Security", "sha256").stored;
const springDigests = [
  ...all("springs_digests", [
    ["an_id_in_small_letters", springDigest.replace("{SHA-256}", "{sha-256}"), unknownLabel],
    ["an_unknown_digest", springDigest.replace("{SHA-256}", "{SHA3-256}"), labeled("SHA3-256")],
    ["a_salt_without_its_end", springDigest.replace("=}", "="), notPadded("tag")],
    [
      "a_salt_of_127_characters",
      springDigest.replace(/\{[^{}]+=\}/, `{${"a".repeat(127)}}`),
      malformed("stored hash's salt is longer than 128 bytes"),
    ],
    ["a_tag_cut_short", springDigest.slice(0, -2), cutShort],
    ["a_tag_in_capitals", `${springDigest.slice(0, -1)}A`, notHex("tag")],
    ["no_tag", springDigest.slice(0, -64), cutShort],
    ["a_tag_of_another_digest", springDigest.replace("{SHA-256}", "{SHA-512}"), cutShort],
    ["rounds_cut_short", springStandard.slice(0, -2), cutShort],
    ["rounds_cut_within_a_byte", cut(springStandard), cutShort],
    ["rounds_in_capitals", `${springStandard.slice(0, -1)}A`, notHex("salt and tag")],
    [
      "rounds_beyond_the_limit",
      springStandard,
      above("rounds", "shaCryptRounds"),
      { limits: { shaCryptRounds: 1023 } },
    ],
    ["capitals_before_rounds", springStandard.replace("{sha256}", "{SHA256}"), length("salt", 0)],
    ["a_plain_password", "{noop}password", inPlainText("NOOP")],
  ]),
];

const mostSalt = `{${"a".repeat(126)}}`;
springDigests.push(
  accepts(
    "accepts_the_longest_salt_of_springs_digests",
    "node:crypto",
    CORRECT,
    `{SHA-256}${mostSalt}${createHash("sha256").update(CORRECT).update(mostSalt).digest("hex")}`,
    { scheme: "salted-digest", needsRehash: true },
  ),
);

const seafile = made("Seafile", "pbkdf2").stored;
const seafiles = all("seafile", [
  ["a_salt_in_capitals", withField(seafile, 2, "AA".repeat(32)), notHex("salt")],
  ["a_tag_cut_short", seafile.slice(0, -2), cutShort],
  ["iterations_with_a_leading_zero", withField(seafile, 1, "01000"), notDecimal("iterations")],
  ["a_billion_iterations", withField(seafile, 1, "1000000000"), above("iterations", "pbkdf2Iterations")],
  ["another_field", `${seafile}$`, extra],
  ["another_digest", seafile.replace("SHA256", "SHA512"), unknownScheme],
]);

const doveadm512 = made("doveadm", "SHA512-CRYPT.b64").stored;
const textOf = (stored) => Buffer.from(stored.slice(stored.indexOf("}") + 1), "base64").toString();
const encoded = (name, text) => `{${name}.b64}${Buffer.from(text).toString("base64")}`;
const encodings = [
  ...all("dovecots_encodings", [
    ["an_unknown_encoding", doveadm512.replace(/\.b64/i, ".b32"), unknownLabel],
    ["base64_cut_short", doveadm512.slice(0, -1), cutShort],
    ["hexadecimal_that_is_none", "{SHA512-CRYPT.HEX}zz", notHex("tag")],
    [
      "bytes_that_are_not_text",
      "{SHA512-CRYPT.HEX}ff",
      malformed("stored hash is not text when its encoding is undone"),
    ],
    ["nothing", "{SHA512-CRYPT.b64}", afterLabel],
    ["an_unknown_hash", encoded("CRYPT", "zOw3ocHjrCjas"), seems("DES-crypt")],
    ["the_hash_of_another_scheme", encoded("SHA256-CRYPT", textOf(doveadm512)), otherScheme],
    ["an_encoding_twice", encoded("CRYPT", doveadm512), afterLabel],
    ["an_encoding_of_spring", encoded("bcrypt", bcrypt), unknownLabel],
    [
      "costs_beyond_the_limit",
      encoded("SHA512-CRYPT", textOf(doveadm512).replace("$6$", "$6$rounds=99999999$")),
      above("rounds", "shaCryptRounds"),
    ],
  ]),
];

const atlassian = made("passlib", "atlassian_pbkdf2_sha1").stored;
const ldapPbkdf2 = made("slappasswd", "PBKDF2-SHA256").stored;
const dovecot = made("doveadm", "PBKDF2").stored;
const pbkdf2 = all("pbkdf2_in_braces", [
  ["an_envelope_cut_short", atlassian.slice(0, -4), cutShort],
  ["an_envelope_cut_within_a_group", cut(atlassian), cutShort],
  ["a_longer_envelope", `${atlassian}AAAA`, length("salt and tag", 48)],
  ["iterations_with_a_leading_zero", ldapPbkdf2.replace("}10000", "}010000"), notDecimal("iterations")],
  ["a_billion_iterations", ldapPbkdf2.replace("}10000", "}1000000000"), above("iterations", "pbkdf2Iterations")],
  ["a_tag_of_another_digest", ldapPbkdf2.replace("SHA256", "SHA512"), cutShort],
  ["another_version_of_dovecot", dovecot.replace("$1$", "$2$"), notDecimal("iterations")],
  ["a_tag_of_dovecot_in_capitals", `${cut(dovecot)}A`, notHex("tag")],
  ["another_field_of_dovecot", `${dovecot}$`, extra],
]);

/** Published with hashcat, mode 10900. */
const directory =
  "{PBKDF2_SHA256}AACkEGhlaiBqZW5z/jtuSox0CrtV9SHiVFjYeHpQ/ki2kwDrQeSqiiTn8LOmpPCw3r6TK/JDfl+ZAXRoc3VidGxldHllIXuxBDl6ItQO" +
  "MupkRn+hzi/LEdr62a7B9sNOo8BPL9Z2nOi/m9AI+nAd/qwpLD1fbeDgs2DdpCZ4QfljuCLRBdURZV3HcXDUjD7PZ1CQcIOv9VbFlbu0IBmiU7ccMyb/qoxi" +
  "+rPMqE4U8f6hL0TQjTjlOzU9MpPYS+WfztpYy7lEN6QghhOz0xe+0y2rDoK+yCS4PykkNS4FFc+xeiT6SNy3r7m+0teyaQKOExLrjogWkj+t+e4bMpHNx/FL" +
  "3jkjCsuZnhq/t8eshG9DKmeD9b/QMkqT8dxe0jmr0s4+GnmHpMQMAxYW3pg70TluiDp3kJrDr1/d8OQerkQRevNx";
const directories = [
  accepts("accepts_a_hash_of_389_directory_server", "hashcat, mode 10900", "hashcat", directory, {
    scheme: "pbkdf2-sha256",
    needsRehash: true,
  }),
  dismisses("dismisses_a_wrong_password_of_389_directory_server", "hashcat, mode 10900", "Hashcat", directory, {
    scheme: "pbkdf2-sha256",
  }),
  ...all("389_directory_server", [
    ["a_hash_cut_short", directory.slice(0, -4), cutShort],
    ["a_hash_cut_within_a_group", cut(directory), cutShort],
    ["the_greatest_iterations", directory.replace("}AACkEG", "}/////2"), above("iterations", "pbkdf2Iterations")],
    ["iterations_of_all_blocks", directory.replace("}AACkEG", "}AAikEG"), above("iterations", "pbkdf2Iterations")],
    ["no_iterations", directory.replace("}AACkEG", "}AAAAAG"), malformed('stored hash\'s "iterations" is less than 1')],
  ]),
];

const sha1Crypt = made("passlib", "sha1_crypt").stored;
const cta = made("passlib", "cta_pbkdf2_sha1").stored;
const dlitz = made("passlib", "dlitz_pbkdf2_sha1").stored;
const grub = made("passlib", "grub_pbkdf2_sha512").stored;
const fshp = made("passlib", "fshp").stored;
const scram = made("passlib", "scram").stored;
const mysql = made("passlib", "mysql41").stored;
const notHexNumber = malformed('stored hash\'s "iterations" is not a plain hexadecimal number');
const lessUsed = [
  accepts("accepts_grub_in_small_letters", "hexadecimal has no letter case", UNICODE, grub.toLowerCase(), {
    scheme: "pbkdf2-sha512",
    needsRehash: true,
  }),
  accepts("accepts_mysql_in_small_letters", "hexadecimal has no letter case", CORRECT, mysql.toLowerCase(), {
    scheme: "plain-digest",
    needsRehash: true,
    policy: { accept: ["argon2id", "plain-digest"] },
  }),
  ...all("sha1_crypt", [
    ["no_rounds", withField(sha1Crypt, 2, "0"), malformed('stored hash\'s "rounds" is less than 1')],
    ["rounds_with_a_leading_zero", withField(sha1Crypt, 2, "01000"), notDecimal("rounds")],
    ["rounds_beyond_the_limit", withField(sha1Crypt, 2, "1000001"), above("rounds", "shaCryptRounds")],
    ["a_tag_cut_short", cut(sha1Crypt), cutShort],
    ["a_hash_without_a_tag", "$sha1$1000$somesalt", noTag],
    ["a_salt_of_65_characters", withField(sha1Crypt, 3, "a".repeat(65)), length("salt", 0, 64)],
    ["another_field", `${sha1Crypt}$`, extra],
  ]),
  ...all("p5k2", [
    ["iterations_with_a_leading_zero", withField(cta, 2, "03e8"), notHexNumber],
    ["iterations_in_capitals", withField(cta, 2, "3E8"), notHexNumber],
    ["no_iterations_of_cryptacular", withField(cta, 2, ""), notHexNumber],
    ["the_greatest_iterations", withField(dlitz, 2, "ffffffff"), above("iterations", "pbkdf2Iterations")],
    ["a_tag_cut_short", cut(cta), cutShort],
    ["a_longer_tag_cut_short", cut(dlitz), cutShort],
    ["a_tag_that_is_too_long", `${dlitz}A`, malformed("stored hash's tag is not 20 or 24 bytes long")],
    ["a_hash_without_a_tag", "$p5k2$3e8$somesalt", noTag],
    ["a_short_salt", withField(dlitz, 3, "salt"), length("salt", 8, 128)],
    ["another_field", `${cta}$`, extra],
  ]),
  ...all("grub", [
    ["another_digest", grub.replace("sha512", "sha256"), unknown],
    ["iterations_with_a_leading_zero", grub.replace(".1000.", ".01000."), notDecimal("iterations")],
    ["a_billion_iterations", grub.replace(".1000.", ".1000000000."), above("iterations", "pbkdf2Iterations")],
    ["a_tag_cut_short", cut(grub), cutShort],
    ["a_hash_without_a_tag", grub.slice(0, grub.lastIndexOf(".")), noTag],
    ["a_tag_that_is_not_hexadecimal", `${cut(grub)}G`, notHex("tag")],
    ["another_field", `${grub}.00`, extra],
  ]),
  ...all("fshp", [
    ["an_unknown_digest", fshp.replace("{FSHP1|", "{FSHP4|"), unsupported("stored hash uses an unknown digest")],
    ["no_rounds", fshp.replace("|1000}", "|0}"), malformed('stored hash\'s "rounds" is less than 1')],
    ["rounds_beyond_the_limit", fshp.replace("|1000}", "|1000001}"), above("rounds", "shaCryptRounds")],
    ["a_salt_that_takes_the_tag", fshp.replace("|16|", "|48|"), cutShort],
    ["the_greatest_salt", fshp.replace("|16|", "|4294967295|"), cutShort],
    ["another_salt_size", fshp.replace("|16|", "|8|"), length("tag", 32)],
    ["no_salt_size", fshp.replace("|16|", "||"), notDecimal("salt size")],
    ["a_tag_cut_short", fshp.slice(0, -8), cutShort],
    ["a_tag_without_its_padding", fshp.slice(0, -3), cutShort],
  ]),
  ...all("scram", [
    ["iterations_with_a_leading_zero", withField(scram, 2, "01000"), notDecimal("iterations")],
    ["a_billion_iterations", withField(scram, 2, "1000000000"), above("iterations", "pbkdf2Iterations")],
    ["a_tag_cut_short", cut(scram), cutShort],
    ["other_digests_alone", scram.replaceAll(/sha-(1|256|512)=/g, "sha-224="), noTag],
    ["a_digest_twice", `${scram},sha-1=${"A".repeat(27)}`, malformed('stored hash has the parameter "sha-1" twice')],
  ]),
  ...all("mysql", [
    ["what_accept_does_not_name", mysql, unsupported('stored hash uses a scheme that is not in "accept"')],
    ["a_tag_cut_short", cut(mysql), unknown],
  ]),
];

/** Rows that no module reads, each with its name and what to do. */
const digest = unsupported(
  'stored hash seems to be a digest without its scheme: convert it with fromColumns of "countersign/import"',
);
const otherPbkdf2 = "PBKDF2 with another digest than SHA-1, SHA-256 and SHA-512";
const inBase64 = unsupported("stored hash seems to be in base64, as in LDIF: decode it");
const lockedBy = (mark) => unsupported(`stored hash begins with "${mark}", which locks the account: nobody can log in`);
const unread = [
  ["sun_md5", "$md5$4ElF.BMk$$Xy8lx/Zl1IfZ/Mp3rxLpu0", seems("Sun's MD5")],
  ["sun_md5_with_rounds", "$md5,rounds=5000$4ElF.BMk$$Xy8lx/Zl1IfZ/Mp3rxLpu0", seems("Sun's MD5")],
  ["md5_of_ory", "$md5$CY9rzUYh03PK3k6DJie09g==", digest],
  ["md5_of_ory_with_a_format", "$md5$pf=e1NBTFR9e1BBU1NXT1JEfQ==$c2FsdA==$CY9rzUYh03PK3k6DJie09g==", digest],
  ...["sha256", "sha512"].map((name) => [
    `${name}_of_ory`,
    `$${name}$pf=e1NBTFR9e1BBU1NXT1JEfQ==$c2FsdA==$${"A".repeat(43)}=`,
    digest,
  ]),
  ["extended_des", "_Z/..SZ.mT9Gb8bwP4Aw", seems("DES-crypt")],
  ["des", "86dyrRLqP4rE.", seems("DES-crypt")],
  ["the_nt_hash", "$3$$3de160de27169a68174bcbab3e156a32", seems("the NT hash")],
  ["sun_md5_after_a_label", "{CRYPT}$md5$4ElF.BMk$$Xy8lx/Zl1IfZ/Mp3rxLpu0", seems("Sun's MD5")],
  ["cisco_type_8", "$8$mTj4RZG8N9ZDOk$elY/asfm8kD3iDmkBe3hD2r4xcA/0oWS5V3os.O91u.", seems("Cisco's type 8")],
  ["cisco_type_9", "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM", seems("Cisco's type 9")],
  ["scram_of_postgresql", "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$AAAA:AAAA", seems("PostgreSQL's SCRAM-SHA-256")],
  ["sha384_of_werkzeug", "pbkdf2:sha384:10$qzOsOYMO8LjAGguR$d83a0e15", seems(otherPbkdf2)],
  ["sha3_of_werkzeug", "pbkdf2:sha3_256:10$HGqYIptNe80TZDJL$a69c494b", seems(otherPbkdf2)],
  ["sql_server", "0x01009B93F29EFA95E6CE3278A0007CD98E1E641DDB3685D7", seems("SQL Server's digest")],
  [
    "md5_of_postgresql",
    "md58ff32489f92f33416694be8fdc2d4c22",
    unsupported("stored hash seems to be PostgreSQL's MD5, whose salt is the user's name: convert it with fromColumns"),
  ],
  ["md5_of_postgresql_of_another_length", `md5${"8f".repeat(20)}`, unknown],
  ["a_text_of_that_length_after_md5", `md5${"g".repeat(32)}`, unknown],
  ["a_label_in_base64", Buffer.from(ssha).toString("base64"), inBase64],
  [
    "a_label_of_19_characters_in_base64",
    Buffer.from(`{${"a".repeat(19)}}${"b".repeat(10)}`).toString("base64"),
    inBase64,
  ],
  ["a_small_label_in_base64", Buffer.from(`{crypt}${sha512}`).toString("base64"), inBase64],
  ...[
    ["no_end_of_a_label", `{${"a".repeat(32)}`],
    ["a_label_of_20_characters", `{${"a".repeat(20)}}${"b".repeat(11)}`],
    ["a_label_and_nothing_else", "{abc}"],
    ["a_label_before_bytes_that_are_no_text", Buffer.from(`7b61627d${"80".repeat(32)}`, "hex")],
  ].map(([name, decoded]) => [`${name}_in_base64`, Buffer.from(decoded).toString("base64"), unknown]),
  ["a_locked_account", `!${sha512}`, lockedBy("!")],
  ["a_locked_account_of_bcrypt", `!${bcrypt}`, lockedBy("!")],
  ["an_account_locked_by_passwd_of_red_hat", `!!${sha512}`, lockedBy("!")],
  ["an_account_locked_by_solaris", `*LK*${sha512}`, lockedBy("*")],
  ["an_account_locked_by_freebsd", `*LOCKED*${sha512}`, lockedBy("*")],
  ["a_hash_after_three_marks", `!!!${sha512}`, unknown],
  ["a_hash_after_another_mark", `*OFF*${sha512}`, unknown],
  ["a_line_of_htpasswd", `joe:${bcrypt}`, named],
  ["a_line_of_shadow", `joe:${sha512}:19000:0:99999:7:::`, named],
  ["a_line_with_a_label", `joe:${ssha}`, named],
  ["md5_alone", "9cc2ae8a1ba7a93da39b46fc1019c481", digest],
  ["md5_alone_in_capitals", "9CC2AE8A1BA7A93DA39B46FC1019C481", digest],
  ["sha1_alone", "dcb0df2e213e6c6f79dd1be81247d42082532a3f", digest],
  ["sha256_alone", "c4bbcb1fbec99d65bf59d85c8cb62ee2db963f0fe106f483d9afa73bd4e39a8a", digest],
  ["sha256_alone_in_base64", "xLvLH77JnWW/WdhcjLYu4tuWPw/hBvSD2a+nO9TjmoM=", digest],
  ["md5_alone_in_base64", "nMKuihunqT2jm0b8EBnEgQ==", digest],
  [
    "cram_md5_of_dovecot",
    "{CRAM-MD5}e02d374fde0dc75a17a557039a3a5338c7743304777dccd376f332bee68d2cf6",
    labeled("CRAM-MD5"),
  ],
  ["digest_md5_of_dovecot", "{digest-md5}77c1a8c437c9b08ba2f460fe5d58db5d", labeled("DIGEST-MD5")],
  ["des_crypt_of_dovecot", "{DES-CRYPT}p.zOw3ocHjrCj", labeled("DES-CRYPT")],
  ["ntlm_of_dovecot", "{NTLM.HEX}ce16de1a1a6b8a4f2f4e7a2a1c2d3e4f", labeled("NTLM")],
  ["scram_of_dovecot", "{SCRAM-SHA-256}4096,c2FsdA==,AAAA,AAAA", labeled("SCRAM-SHA-256")],
  ["md4_of_dovecot", "{PLAIN-MD4.b64}veUssx3jPkYkXgX729b7JA==", labeled("PLAIN-MD4")],
  ["plain_text_of_dovecot", "{PLAIN}password", inPlainText("PLAIN")],
  ["plain_text_of_ldap", "{CLEARTEXT}password", inPlainText("CLEARTEXT")],
  ["sasl_of_ldap", "{SASL}user@example.com", labeled("SASL", `so another system checks the password: ${advice}`)],
  ["another_unknown_label", "{X-SECRET}abcdefgh", unknownLabel],
].map(([name, text, error]) => refuses(`refuses_${name}`, "no module computes it", text, error));

const base64 = (bytes) => Buffer.from(bytes).toString("base64").replaceAll("=", "");
/** [name, d, s, salt, tag in hexadecimal] of "hello", by the tools of coreutils */
const DESCRIBED = [
  ["md5_alone", "md5", "none", "", "5d41402abc4b2a76b9719d911017c592"],
  ["sha1_alone", "sha1", "none", "", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"],
  ["sha256_alone", "sha256", "none", "", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"],
  // Auth0's support publishes this one.
  [
    "sha256_after_a_salt",
    "sha256",
    "before",
    "keyboardcat",
    "7054f76f832d2d4e244f73b3f3f4c3702cb60a573ed12441c90f159df560fcb5",
  ],
].map(([name, d, s, salt, tag]) => [name, `$digest$d=${d},s=${s}$${base64(salt)}$${base64(Buffer.from(tag, "hex"))}`]);
/** By symfony/password-hasher 5.4.53. */
const symfony =
  "$digest$d=sha512,s=braces,i=5000$" +
  `${base64("Jl/JFpbU8n0kk1lBbfsBhW5LcN+YKVStWCXUgf7g")}$` +
  "fVzeyi4pqPwJdPLQ9S7D6xdNi4fXnliRC3DYmWw8PNwi14c5T9IA6CvPio7U81zilMPmvC5MJwrsZRIvbORxgQ";
const accept = ["argon2id", "plain-digest"];
const described = [
  ...DESCRIBED.flatMap(([name, stored]) => [
    accepts(`accepts_${name}_that_accept_names`, "coreutils", "hello", stored, {
      scheme: "plain-digest",
      needsRehash: true,
      policy: { accept },
    }),
    dismisses(`dismisses_a_wrong_password_for_${name}`, "coreutils", "Hello", stored, {
      scheme: "plain-digest",
      policy: { accept },
    }),
  ]),
  accepts("accepts_symfonys_rounds_that_accept_names", "symfony/password-hasher 5.4.53", CORRECT, symfony, {
    scheme: "plain-digest",
    needsRehash: true,
    policy: { accept },
  }),
  ...[
    ["a_round_fewer", symfony.replace("i=5000", "i=4999")],
    ["the_salt_without_braces", symfony.replace("s=braces", "s=after")],
    ["no_rounds", symfony.replace(",i=5000", "")],
  ].map(([name, stored]) =>
    dismisses(`dismisses_symfonys_password_with_${name}`, "symfony/password-hasher 5.4.53", CORRECT, stored, {
      scheme: "plain-digest",
      policy: { accept },
    }),
  ),
  ...all("a_plain_digest", [
    ["what_accept_does_not_name", DESCRIBED[2][1], unsupported('stored hash uses a scheme that is not in "accept"')],
    ...[
      [
        "an_unknown_digest",
        DESCRIBED[0][1].replace("md5", "md4"),
        unsupported('stored hash\'s "d" is not md5, sha1, sha256, sha384 or sha512'),
      ],
      [
        "an_unknown_place",
        DESCRIBED[3][1].replace("before", "around"),
        malformed('stored hash\'s "s" is not before, after, braces or none'),
      ],
      ["no_place", DESCRIBED[3][1].replace(",s=before", ""), malformed('stored hash lacks the parameter "s"')],
      ["no_digest", DESCRIBED[3][1].replace("d=sha256,", ""), malformed('stored hash lacks the parameter "d"')],
      ["a_salt_without_a_place", DESCRIBED[3][1].replace("before", "none"), length("salt", 0)],
      ["a_place_without_a_salt", DESCRIBED[2][1].replace("none", "after"), length("salt", 1, 128)],
      ["a_tag_of_another_digest", DESCRIBED[0][1].replace("md5", "sha1"), cutShort],
      ["another_field", `${DESCRIBED[0][1]}$`, extra],
      ["no_rounds", symfony.replace("i=5000", "i=0"), malformed('stored hash\'s "i" is less than 1')],
      ["rounds_with_a_leading_zero", symfony.replace("i=5000", "i=05000"), notDecimal("i")],
      ["rounds_beyond_the_limit", symfony.replace("i=5000", "i=99999999"), above("rounds", "shaCryptRounds")],
      ["rounds_twice", symfony.replace("i=5000", "i=1,i=1"), malformed('stored hash has the parameter "i" twice')],
    ].map((row) => [...row, { accept }]),
  ]),
];

export default {
  description:
    "Formats that only countersign/formats reads: hashes of other software, published ones, and neighbors that stay refused.",
  cases: [
    ...rare,
    ...originals,
    ...EXAMPLES,
    ...md5,
    ...ldap,
    ...labels,
    ...yescrypts,
    ...moreYescrypts,
    ...firebase,
    ...drupals,
    ...identities,
    ...mosquittos,
    ...digests,
    ...wikis,
    ...wikisOfSha1,
    ...springs,
    ...springsBase64,
    ...springsTags,
    ...springDigests,
    ...seafiles,
    ...encodings,
    ...pbkdf2,
    ...directories,
    ...lessUsed,
    ...unread,
    ...described,
  ],
};
