/** The workbench: tokens are checked and issued, keys are explained and converted, stored hashes are described and checked. */

import { wireReveals } from "../password-field.js";
import { wireCheck } from "./check.js";
import { wireIssue } from "./issue.js";
import { wireKeys } from "./keys.js";
import { onTokenLink } from "./link.js";
import { startOffline } from "./offline.js";
import { wirePasswords } from "./passwords.js";
import { wireTabs } from "./tabs.js";

const tabs = wireTabs();
const keys = wireKeys();
const passwords = wirePasswords();

const check = wireCheck({
  /** Opens a text that was pasted as a token, but is a key or a hash. */
  openAs(kind, text) {
    tabs.open(kind === "key" ? "keys" : "passwords");
    (kind === "key" ? keys : passwords).show(text);
  },
});

wireIssue((issued) => {
  tabs.open("check");
  check.show(issued);
});

wireReveals();
onTokenLink((token) => {
  tabs.open("check");
  check.show({ token });
});
startOffline();
document.body.dataset.ready = "";
