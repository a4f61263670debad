/** What speaks against a password, in a sentence for whoever types it. */

import type { PasswordReason } from "./check.js";
import type { Rules } from "./options.js";

export function sentenceFor(reason: PasswordReason, { maxLength, minLength }: Rules): string {
  const sentences: Record<PasswordReason, string> = {
    BREACHED: "This password has appeared in a leak: choose one that you have never used.",
    COMMON: "This password is on every list of common ones: choose another.",
    GUESSABLE: "This password is easy to guess: take several words that have nothing to do with each other.",
    NOT_TEXT: "This password has a character in it that is no text: type it again.",
    PERSONAL: "This password is made of what is known of you: leave out your names and the name of this service.",
    TOO_LONG: `Use at most ${maxLength} characters.`,
    TOO_SHORT: `Use at least ${minLength} characters: several words are easy to remember.`,
  };
  return sentences[reason];
}
