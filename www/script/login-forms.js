/** The two forms: a new account, and a token for one. */

import { byId, markInvalid, say } from "./dom.js";

/** Connects both forms; `use` receives the token of a log-in. */
export function wireForms(use) {
  const register = byId("register");
  const login = byId("login");

  onSubmit(register, byId("register-outcome"), async (outcome) => {
    const { username, password } = Object.fromEntries(new FormData(register));
    const { response, body } = await send("/register", {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username, password }),
    });
    if (!response.ok) return refuse(register, outcome, body);
    say(outcome, "good", `Registered as ${body.username}. Now log in.`);
    login.elements.username.value = body.username;
    login.elements.password.value = password;
    login.querySelector("[type=submit]").focus();
  });

  onSubmit(login, byId("login-outcome"), async (outcome) => {
    const data = new FormData(login);
    const scope = data.getAll("scope").join(" ");
    const form = { grant_type: "password", username: data.get("username"), password: data.get("password") };
    const { response, body } = await send("/token", {
      body: new URLSearchParams(scope === "" ? form : { ...form, scope }),
    });
    if (!response.ok) return refuse(login, outcome, body);
    say(outcome, "good", `Logged in; the token is good for ${body.expires_in / 60} minutes.`);
    use(body.access_token);
  });
}

/** Runs `work` for each submission, one at a time, with the button out of the way. */
function onSubmit(form, outcome, work) {
  const button = form.querySelector("[type=submit]");
  for (const field of form.elements) field.addEventListener("input", () => markInvalid(field, false));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    const empty = [...form.elements].find((field) => field.required && field.value === "");
    if (empty !== undefined) {
      markInvalid(empty, true);
      empty.focus();
      say(outcome, "bad", `The ${empty.labels[0].textContent.trim().toLowerCase()} is missing.`);
      return;
    }
    form.setAttribute("aria-busy", "true");
    button.setAttribute("aria-disabled", "true");
    say(outcome, "", "One moment…");
    try {
      await work(outcome);
    } catch {
      say(outcome, "bad", "The server does not answer. Is it still running?");
    } finally {
      form.removeAttribute("aria-busy");
      button.removeAttribute("aria-disabled");
    }
  });
}

async function send(path, init) {
  const response = await fetch(path, { method: "POST", ...init });
  return { response, body: await response.json() };
}

/** Shows the server's reason, and marks the field it speaks of. */
function refuse(form, outcome, { error, error_description: reason }) {
  const { username, password } = form.elements;
  const aboutPassword = reason.startsWith("the password");
  const both = error === "invalid_grant";
  if (error !== "invalid_scope") {
    markInvalid(password, aboutPassword || both);
    markInvalid(username, !aboutPassword || both);
    (aboutPassword ? password : username).focus();
  }
  say(outcome, "bad", `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`);
}
