/** The forms: a new account, a log-in, and a new password. */

import { byId, say } from "./dom.js";
import { onSubmit, refuse } from "./form.js";
import { changePassword, logIn, register } from "./session.js";

/** Connects the forms. `loggedIn` is called after a log-in, `passwordChanged` with the number of sessions that were ended. */
export function wireForms(loggedIn, passwordChanged) {
  const [registering, loggingIn, changing] = ["register", "login", "password"].map(byId);

  onSubmit(registering, byId("register-outcome"), async (outcome) => {
    const { username, password } = registering.elements;
    const { body, ok } = await register(username.value, password.value);
    if (!ok) {
      const reason = body.error_description;
      return refuse(outcome, reason, [reason.startsWith("the password") ? password : username]);
    }
    say(outcome, "good", `Registered as ${body.username}. Now log in.`);
    loggingIn.elements.username.value = body.username;
    loggingIn.elements.password.value = password.value;
    loggingIn.querySelector("[type=submit]").focus();
  });

  onSubmit(loggingIn, byId("login-outcome"), async (outcome) => {
    const { username, password } = loggingIn.elements;
    const { body, ok } = await logIn(username.value, password.value);
    if (!ok) return refuse(outcome, body.error_description, [username, password]);
    const isKept = await loggedIn();
    if (!isKept) return say(outcome, "bad", "Your browser did not keep the cookies.", COOKIES_NEEDED);
    for (const form of [registering, loggingIn]) form.reset();
    for (const line of ["register-outcome", "login-outcome"]) say(byId(line), "", "");
  });

  onSubmit(changing, byId("password-outcome"), async (outcome) => {
    const { current, next } = changing.elements;
    const { body, ok } = await changePassword(current.value, next.value);
    if (!ok) return refuse(outcome, body.error_description, [body.error === "invalid_grant" ? current : next]);
    changing.reset();
    const others = body.ended === 1 ? "One other session was" : `${body.ended} other sessions were`;
    say(outcome, "good", `The password is changed. ${others} ended.`);
    await passwordChanged();
  });
}

const COOKIES_NEEDED =
  "They are sent over HTTPS only, or to http://localhost by Chrome, Edge and Firefox. Open this page under that name.";
