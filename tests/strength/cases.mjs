// Passwords and what is said of them: by name, the password, the options, and the reasons against it.

const me = { userInputs: ["alice", "Alice.Smith@example.com", null, undefined, "Example"] };
const PASSPHRASE = "correct horse battery staple";

/** By the dictionaries that are used by default. */
export const CASES = {
  accepts_a_passphrase: [PASSPHRASE, {}, []],
  accepts_what_a_password_manager_makes: ["vT7#kq2!Wm9zLx4p", {}, []],
  accepts_small_letters_alone: ["sphinxofblackquartz", {}, []],
  accepts_digits_alone: ["804912637504189263", {}, []],
  accepts_blanks_and_signs: ["~ } ^ & ( + ) = [ ; <", {}, []],
  // Length: NIST SP 800-63B-4 §3.1.1.2.
  accepts_15_characters: ["gleaming otters", {}, []],
  counts_what_nfkc_composes_further: ["ｶﾞ".repeat(8), { minScore: 0 }, ["TOO_SHORT"]],
  refuses_14_characters: ["gleaming otter", {}, ["TOO_SHORT"]],
  accepts_8_characters_beside_a_second_factor: ["kq2!Wm9z", { multiFactor: true }, []],
  refuses_7_characters_beside_a_second_factor: ["kq2!Wm9", { multiFactor: true }, ["TOO_SHORT"]],
  refuses_8_characters_that_follow_a_pattern: ["1q2w3e4r", { multiFactor: true }, ["COMMON"]],
  asks_for_a_better_score_without_a_second_factor: ["kq2!Wm9z", { minLength: 8 }, ["GUESSABLE"]],
  accepts_12_characters_where_12_are_asked_for: ["kq2!Wm9zLx4p", { minLength: 12 }, []],
  refuses_11_characters_where_12_are_asked_for: ["kq2!Wm9zLx4", { minLength: 12 }, ["TOO_SHORT"]],
  lets_a_length_win_over_a_second_factor: ["kq2!Wm9z", { multiFactor: true, minLength: 12 }, ["TOO_SHORT"]],
  counts_an_emoji_as_one_character: ["🦉🚲🌵🎻🍞🪁🐙🧭🥁🪵🍋🛶🧩🕯", {}, ["TOO_SHORT"]],
  accepts_15_emoji: ["🦉🚲🌵🎻🍞🪁🐙🧭🥁🪵🍋🛶🧩🕯🌂", {}, []],
  counts_composed_characters: ["e\u0301ü".repeat(7), { minScore: 0 }, ["TOO_SHORT"]],
  accepts_64_characters: ["vT7#kq2!Wm9zLx4p".repeat(2) + "Rd5%hn8&Yc3bQs6f".repeat(2), {}, []],
  accepts_64_characters_where_that_is_the_most: [
    "gleaming otters ".repeat(3) + PASSPHRASE.slice(12),
    { maxLength: 64 },
    [],
  ],
  refuses_65_characters_where_64_are_the_most: [
    "gleaming otters ".repeat(3) + PASSPHRASE.slice(11),
    { maxLength: 64 },
    ["TOO_LONG"],
  ],
  accepts_1024_characters: ["gleaming otters and a horse or 2".repeat(32), { minScore: 0 }, []],
  refuses_1025_characters: [`${"gleaming otters and a horse or 2".repeat(32)}!`, { minScore: 0 }, ["TOO_LONG"]],
  refuses_a_million_characters: ["x".repeat(1_000_000), {}, ["TOO_LONG"]],
  counts_what_is_composed_up_to_the_most: ["α\u0313\u0300\u0345".repeat(64), { maxLength: 64, minScore: 0 }, []],
  refuses_what_no_hash_can_be_made_of: [`${PASSPHRASE}\ud800`, {}, ["NOT_TEXT"]],
  // What is on a list as a whole.
  refuses_a_common_password: ["1qaz2wsx3edc4rfv", {}, ["COMMON"]],
  refuses_a_common_password_in_capitals: ["1QAZ2WSX3EDC4RFV", {}, ["COMMON"]],
  refuses_a_word: ["internationalization", {}, ["COMMON"]],
  refuses_a_word_backwards: ["noitazilanoitanretni", {}, ["COMMON"]],
  refuses_a_word_with_digits_for_letters: ["1nt3rnati0nalizati0n", {}, ["COMMON"]],
  refuses_a_word_even_where_patterns_are_allowed: ["internationalization", { minScore: 0 }, ["COMMON"]],
  refuses_a_short_and_common_password_for_both: ["password", {}, ["TOO_SHORT", "COMMON"]],
  refuses_a_common_password_in_full_width: ["１ｑａｚ２ｗｓｘ３ｅｄｃ４ｒｆｖ", {}, ["COMMON"]],
  accepts_a_common_password_with_enough_beside_it: ["the password is 1234 minus otter", {}, []],
  // Patterns.
  refuses_a_word_twice: ["passwordpassword", {}, ["GUESSABLE"]],
  refuses_a_word_twice_in_capitals_with_a_blank: ["PASSWORD PASSWORD", {}, ["GUESSABLE"]],
  refuses_a_word_and_digits_in_full_width: ["ｐａｓｓｗｏｒｄ１２３４５６７", {}, ["GUESSABLE"]],
  refuses_one_letter: ["aaaaaaaaaaaaaaaaaaaa", {}, ["GUESSABLE"]],
  refuses_the_alphabet: ["abcdefghijklmnopqrst", {}, ["GUESSABLE"]],
  refuses_rows_of_keys: ["qwertyuiopasdfghjkl", {}, ["GUESSABLE"]],
  refuses_a_word_and_digits: ["administrator123", {}, ["GUESSABLE"]],
  refuses_the_days_of_the_week: ["mondaytuesdaywednesday", {}, ["GUESSABLE"]],
  accepts_patterns_where_they_are_allowed: ["passwordpassword", { minScore: 0 }, []],
  refuses_what_is_good_enough_for_others: ["Jennifer1985Jennifer", { minScore: 4 }, ["GUESSABLE"]],
  accepts_it_by_default: ["Jennifer1985Jennifer", {}, []],
  // Longer than what is looked at.
  refuses_300_times_the_same_letter: ["z".repeat(300), {}, ["GUESSABLE"]],
  refuses_300_letters_of_one_word: ["password".repeat(40), {}, ["GUESSABLE"]],
  accepts_a_good_end_after_a_bad_beginning: ["z".repeat(100) + PASSPHRASE.repeat(2), {}, []],
  accepts_a_good_beginning_before_a_bad_end: [PASSPHRASE.repeat(3) + "z".repeat(100), {}, []],
  // Context: "the name of the service, the username, and derivatives thereof".
  refuses_the_address: ["alice.smith@example.com", me, ["PERSONAL"]],
  refuses_the_address_in_capitals: ["ALICE.SMITH@EXAMPLE.COM", me, ["PERSONAL"]],
  refuses_the_name_and_a_year: ["Alice-Smith-2026", me, ["PERSONAL"]],
  refuses_the_name_over_and_over: ["alice alice alice", me, ["PERSONAL"]],
  refuses_the_service_and_the_name: ["example_for_alice", me, ["PERSONAL"]],
  refuses_the_name_with_signs_for_letters: ["@l1ce$m1th@l1ce", { userInputs: ["alicesmith"] }, ["PERSONAL"]],
  refuses_the_name_in_full_width: ["ａｌｉｃｅ-smith-2026", me, ["PERSONAL"]],
  refuses_a_name_that_is_known_in_full_width: [
    "alice-smith-2026",
    { userInputs: ["ａｌｉｃｅ ｓｍｉｔｈ"] },
    ["PERSONAL"],
  ],
  refuses_the_name_with_digits_for_letters_and_a_year: ["4lice-5mith-2026", me, ["PERSONAL"]],
  refuses_the_name_backwards_and_a_year: ["ecila-htims-2026", me, ["PERSONAL"]],
  accepts_the_disguised_name_with_enough_beside_it: ["4lice holds nine otters", me, []],
  overlooks_short_names_in_disguise: ["nna-4nn-nna-4nn-nna", { userInputs: ["ann"], minScore: 0 }, []],
  accepts_the_same_from_somebody_else: ["Robin-Smith-2026-otters", me, []],
  accepts_a_passphrase_with_the_name_in_it: ["alice counts nine otters", me, []],
  overlooks_names_of_two_letters: ["Li counts 9 otters", { userInputs: ["Li"] }, []],
  overlooks_words_without_letters: ["--- counts 9 otters ---", { userInputs: ["---", " - "] }, []],
  takes_names_of_members_for_words: ["constructor of nine otters", { userInputs: ["constructor", "__proto__"] }, []],
};

/** The passwords that a list has, by how it answers: how often, or the message of the error. */
export const RANGES = {
  good: 52_256_179,
  "with-line-feeds": 52_256_179,
  "without-a-last-line-break": 52_256_179,
  "in-small-letters": 52_256_179,
  "with-padding": 52_256_179,
  "only-as-padding": 0,
  "twice-and-then-as-padding": 5,
  "as-padding-and-then-twice": 5,
  another: 0,
  huge: "list of leaked passwords returned a text that is too long",
  ...Object.fromEntries(
    [
      "empty",
      "blank",
      "page",
      "json",
      "cut-off",
      "cut-off-before-the-count",
      "ntlm",
      "no-count",
      "negative",
      "fraction",
      "in-words",
      "blank-line-within",
    ].map((name) => [name, "list of leaked passwords returned something that is not a range"]),
  ),
  ...Object.fromEntries(
    ["missing", "broken", "too-many", "silent", "slow", "reset", "shorter-than-announced"].map((name) => [
      name,
      "list of leaked passwords cannot be reached",
    ]),
  ),
};

/** What a list is asked about in these. */
export const LEAKED = PASSPHRASE;
