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

/** Opens a text that was pasted into a field for something else, in the tab that is for it. */
const openAs = ({ open, text }) => {
  tabs.open(TABS[open]);
  if (open === "key") return keys.show(text);
  if (open === "hash") return passwords.show(text);
  return open === "fetch" ? check.propose(text) : check.open({ token: text });
};
const TABS = { fetch: "check", hash: "passwords", key: "keys", token: "check" };

const keys = wireKeys({ openAs });
const passwords = wirePasswords({ openAs });
const check = wireCheck({ openAs });

wireIssue({
  openAs,
  check(issued) {
    tabs.open("check");
    return check.open(issued);
  },
});

wireReveals();
onTokenLink((token) => {
  tabs.open("check");
  check.show({ token });
});
startOffline();
document.body.dataset.ready = "";
