/** Copies text to the clipboard. */

import { say } from "../dom.js";

/** Copies, and says so in a line. */
export async function copy(text, line, done = "Copied.") {
  try {
    await navigator.clipboard.writeText(text);
    say(line, "good", done);
  } catch {
    say(line, "bad", "The browser does not let this page copy. Select the text, and copy it yourself.");
  }
}
