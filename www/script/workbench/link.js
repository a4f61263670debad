/**
 * Links with a token: `bench.html#token=…`. A browser sends no fragment to a server. The token is taken out of the address bar
 * and of this entry of the history before anything else is done with it.
 */

const PREFIX = "#token=";

/** Longer links are no tokens that anything accepts. */
const MAX_LENGTH = 1_000_000;

/** Calls `use` with the token of the address, now and whenever a link is opened in this page. */
export function onTokenLink(use) {
  const take = () => {
    const { hash, pathname, search } = location;
    if (!hash.startsWith(PREFIX)) return;
    history.replaceState(null, "", pathname + search);
    if (hash.length <= MAX_LENGTH) use(decoded(hash.slice(PREFIX.length)));
  };
  window.addEventListener("hashchange", take);
  take();
}

/** The link that opens a token here. It is only made for the clipboard: the address bar never shows it. */
export function linkTo(token) {
  const { origin, pathname } = location;
  return `${origin}${pathname}${PREFIX}${encodeURIComponent(token)}`;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
