// The check of the prose finds its phrases, in every kind of file, and leaves plain sentences alone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { findings } from "../../tools/ready/prose.mjs";

const PHRASES = [
  "The alphabet is as passlib has it.",
  "Every key, be it public or private, has one.",
  "Nothing of it reaches the core.",
  "The answer is held against the vectors.",
  "It works by itself.",
  "The bytes are handed over to the worker.",
  "A set of which one is wrong is refused.",
  "A token that its receiver shall read.",
  "Who comes when the queue is full is rejected.",
  "It is a separate entry, so that who does not need it carries less.",
  "What is handed to it is wiped afterwards.",
  "Nobody who cannot sign gets a header there.",
  "It is checked all the same.",
  "It takes no token but a signed one.",
];

test("finds_each_phrase_in_documents_comments_and_messages", () => {
  for (const phrase of PHRASES) {
    const broken = phrase.replace(/^(.{10,}?) /, "$1\n");
    const files = {
      "docs/page.md": `# Title\n\nA line.\n\n${broken}\n`,
      "src/file.rs": `//! First.\n\n/// ${broken.replace("\n", "\n/// ")}\nfn f() {}\n`,
      "pkg/src/file.ts": `/**\n * ${broken.replace("\n", "\n * ")}\n */\nexport {};\n`,
      "www/page.html": `<p>${broken}</p>\n`,
      "Cargo.toml": `# ${broken.replace("\n", "\n# ")}\n[package]\n`,
      "tests/message.mjs": `throw new Error("${phrase}");\n`,
    };
    for (const [path, text] of Object.entries(files)) {
      assert.ok(0 < findings({ [path]: text }).length, `${path}: ${phrase}`);
    }
  }
});

test("names_the_place_and_something_better", () => {
  const [found] = findings({ "docs/page.md": "One.\n\nIt works by itself.\n" });
  assert.deepEqual(found, {
    path: "docs/page.md",
    line: 3,
    found: "by itself",
    instead: '"alone", "on its own", "automatically"',
  });
});

test("leaves_plain_sentences_and_code_alone", () => {
  const plain = [
    "When the queue is full, calls reject with `PASSWORD_QUEUE_FULL`.",
    "Anyone who can read the memory can read the key.",
    "None of them is replaced.",
    "What does it cost?",
    "Who may ask for a token?",
    "The key is used on its own.",
    "It has no default but for the time.",
    "The claim `by itself` is code.",
  ].join("\n\n");
  assert.deepEqual(findings({ "docs/page.md": plain }), []);
  assert.deepEqual(findings({ "src/file.rs": 'let nothing_of_it = held(against); let shall = "abc";\n' }), []);
});
