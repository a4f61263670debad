// Phrases that make a reader stop, and what to write instead. The check in prose.mjs looks for them in documents, comments,
// page texts and messages.

/** Each is found without regard to case, unless it says otherwise by a `RegExp` with its own flags. */
export const PHRASES = [
  // Calques and old turns of phrase.
  { pattern: /\bas (the |its |our |an? )?[\w`'-]+ (has|have) (it|them)\b/, instead: '"as in …", "as … writes it"' },
  { pattern: /\bbe (it|they)\b(?! (not|is|are))/, instead: '"whether … or …"' },
  {
    pattern: /\bnothing of (it|this|that|what|them|these|those)\b|\bnone of it\b|\b(more|less) of it\b/,
    instead: "say what is missing",
  },
  { pattern: /\b(held|holds?|holding) (\w+ )?against\b/, instead: '"compared with", "checked against"' },
  { pattern: /\bby (itself|themselves|himself)\b/, instead: '"alone", "on its own", "automatically"' },
  { pattern: /\bof (its|their|his) own accord\b/, instead: '"on its own", "unasked"' },
  { pattern: /\ball the same\b/, instead: '"anyway", "still"' },
  { pattern: /\bin (its|their) stead\b/, instead: '"instead of it"' },
  { pattern: /\bof which (it|they|one|each)\b/, instead: "two sentences" },
  { pattern: /\bhand(s|ed|ing)? (\w+ )?(in|over|back)\b/, instead: '"pass", "give", "return"' },
  { pattern: /\b(taken|takes?|taking) (\w+ )?up again\b/, instead: '"reused", "resumed"' },
  { pattern: /\bfor want of\b|\bthereof\b|\bwhereof\b|\btherein\b|\bwherein\b|\bthereto\b/, instead: "a plain word" },
  { pattern: /\b(there is )?no \w+ but\b(?! for\b)/, instead: '"only"' },
  { pattern: /\bis (for )?\w+ to (say|tell|judge|decide)\b/, instead: "say who decides" },
  { pattern: /\bso much the\b|\bno sooner\b|\bfor all that\b/, instead: "a plain sentence" },
  { pattern: /\bstands? (in(?! (for|the way))|beside|above|under)\b/, instead: '"is in", "is next to"' },
  { pattern: /\bsays? of\b/, instead: '"says about"' },
  {
    pattern: /\b(becomes?|comes?|makes?) of (it|this|them|an?|the|what)\b/,
    instead: '"happens to", "results from", "produces"',
  },
  { pattern: /\bshall\b/g, instead: '"must", "should", "will"' },

  // Relative clauses without a noun, as subjects and objects.
  { pattern: /(^|[.:;!] )Who(ever)? [^?]*(\.|$)/g, instead: "name the person: the caller, the user, a program that …" },
  { pattern: /\b(that|to|for|by|from|with|of|and|or|but|than) who(ever)? (?!is who)/, instead: "name the person" },
  { pattern: /\b(nobody|no one|none|he|those) who\b/, instead: "name the person" },
  // A clause with a second verb has the first one's clause as its subject: "What is linked says how …".
  { pattern: subjectClause(), instead: "start with the noun" },

  // Metaphors and private names.
  { pattern: /\b(desk|heed(s|ed)?|sought|keeper|lay(s|ing)? down|politely)\b/, instead: "the field's term" },
  { pattern: /\b(on|by) (the|this|that|which|its) roads?\b/, instead: '"path", "way"' },
  { pattern: /\bmend(s|ed|ing)?\b/, instead: '"fix"' },
];

function subjectClause() {
  const verbs =
    "is|are|was|were|has|have|had|can|may|must|do|does|did|goes|stays|stands|lies|says|ends|gets|comes|turns|calls|makes|needs";
  return new RegExp(`(^|[.;!] )What(ever)? ([^,:;.?]* )?(${verbs}) ([^,:;.?]* )?(${verbs})\\b`, "g");
}
