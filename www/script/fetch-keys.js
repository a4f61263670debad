/**
 * The frame that fetches key sets. It is sandboxed and has an origin of its own: it cannot see the page around it, which holds
 * tokens and secrets and may not connect to anything. The page can propose a URL, but only a press of the button here fetches.
 */

const MAX_BYTES = 262_144;
const TIMEOUT_MS = 10_000;

const form = document.getElementById("fetch");
const field = document.getElementById("url");
const told = document.getElementById("told");

const say = (text, isBad = false) => {
  told.textContent = text;
  told.className = isBad ? "bad" : "";
};

window.addEventListener("message", ({ source, data }) => {
  if (source !== window.parent || typeof data?.propose !== "string" || 2048 < data.propose.length) return;
  field.value = data.propose;
  say("");
});

// The page makes the frame as high as its text.
new ResizeObserver(() => window.parent.postMessage({ height: document.body.scrollHeight }, "*")).observe(document.body);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  // A script cannot press the button.
  if (!event.isTrusted || form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  say("Fetching…");
  try {
    await fetchKeys(field.value.trim());
  } finally {
    form.removeAttribute("aria-busy");
  }
});

async function fetchKeys(text) {
  const url = addressOf(text);
  if (url === undefined) return say("That is no https: URL. Plain http: is allowed for localhost.", true);
  let body;
  try {
    body = await textFrom(url);
  } catch (error) {
    const isOurs = error instanceof RangeError;
    const reason =
      "The browser could not fetch it: the server does not answer, redirects, or does not let other pages read it (CORS). Open the URL in a tab, copy what it shows, and paste it as the key.";
    return say(isOurs ? error.message : reason, true);
  }
  const next = jwksOf(body);
  if (next !== undefined) {
    field.value = next;
    return say("This names the URL of the keys, which is now above: press the button again.");
  }
  say("Fetched. The answer is in the field “Key”.");
  window.parent.postMessage({ keys: body, url: url.href }, "*");
}

function addressOf(text) {
  try {
    const url = new URL(text);
    const isLocal = url.protocol === "http:" && ["localhost", "127.0.0.1"].includes(url.hostname);
    return url.protocol === "https:" || isLocal ? url : undefined;
  } catch {
    return undefined;
  }
}

async function textFrom(url) {
  const response = await fetch(url, {
    cache: "no-store",
    credentials: "omit",
    headers: { Accept: "application/json" },
    redirect: "error",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new RangeError(`The server answered ${response.status}.`);
  const chunks = [];
  let length = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (MAX_BYTES < length) {
      await reader.cancel();
      throw new RangeError(`The answer is longer than ${MAX_BYTES} bytes.`);
    }
    chunks.push(value);
  }
  return new Blob(chunks).text();
}

/** The `jwks_uri` of an openid-configuration. */
function jwksOf(body) {
  try {
    const { jwks_uri: uri, keys } = JSON.parse(body);
    return keys === undefined && typeof uri === "string" && addressOf(uri) ? uri : undefined;
  } catch {
    return undefined;
  }
}
