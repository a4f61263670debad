/** Shows a request and its answer unchanged. */

import { element } from "./dom.js";
import { measured } from "./time.js";
import { painted } from "./token-view.js";

/** The meaning of a status and error of the guard, in one line. */
function meaning(status, error) {
  if (status === 200) return "The guard checked the token and let the request pass.";
  if (status === 401 && error === undefined) {
    return "No token: the answer says only how to authenticate.";
  }
  const meanings = {
    invalid_token: "The token is refused. Nobody is logged in, so the answer is 401.",
    insufficient_scope: "The token is valid, but it does not allow this. So 403, not 401.",
    invalid_request: "The request is not well-formed.",
  };
  return meanings[error] ?? "";
}

/** Sends the request and draws both sides. Gives the answer's status line. */
export async function exchange(place, path, token, original) {
  const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
  const start = performance.now();
  // Without cookies, so that only the header says who asks.
  const response = await fetch(path, { headers, cache: "no-store", credentials: "omit" });
  const text = await response.text();
  const took = performance.now() - start;
  const line = `${response.status} ${response.statusText}`;
  const challenge = response.headers.get("WWW-Authenticate") ?? "";
  const error = /error="([^"]*)"/.exec(challenge)?.[1];

  const request = element(
    "section",
    { class: "side request", "aria-label": "The request" },
    element("h3", {}, "Request"),
    element(
      "div",
      { class: "lines" },
      element("p", { class: "telling" }, `GET ${path}`),
      token === null ? element("p", { class: "name" }, "(no Authorization header)") : authorization(token, original),
    ),
  );
  const answer = element(
    "section",
    { class: "side answer", "aria-label": "The answer" },
    element(
      "h3",
      {},
      element("span", {}, `Answer, after ${measured(took)}`),
      element("span", { class: `status ${response.ok ? "good" : "bad"}` }, line),
    ),
    element("div", { class: "lines" }, [...response.headers].map(headerLine)),
    text === "" ? null : element("pre", { class: "body" }, pretty(text)),
    element("p", { class: "meaning" }, meaning(response.status, error)),
  );
  place.replaceChildren(element("div", { class: "exchange appears" }, request, answer));
  return line;
}

function authorization(token, original) {
  return element(
    "p",
    {},
    element("span", { class: "name" }, "Authorization: "),
    "Bearer ",
    element("span", { class: "token" }, painted(token, original)),
  );
}

function headerLine([name, value]) {
  const written = name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()).replace("Www-", "WWW-");
  const telling = name === "www-authenticate";
  return element("p", { class: telling && "telling" }, element("span", { class: "name" }, `${written}: `), value);
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
