/** Answers for people who look at pages: which requests want one, and redirects that stay on this server. */

import { invalid, type OptionReader } from "../options.js";
import { replyWithoutBody } from "./reply.js";
import { headerOf, type RequestLike } from "./request.js";

/** The longest path that is returned to. */
const MAX_PATH = 2048;

/** Whether the answer is shown as a page. A browser says so when it follows a link or sends a form; `fetch` does not. */
export function wantsPage(request: RequestLike): boolean {
  return /(?:^|[ \t,])text\/html(?:$|[ \t,;])/i.test(headerOf(request, "Accept") ?? "");
}

/** 303: the browser gets the page at a path of this server. */
export function redirectTo(path: string): Response {
  return replyWithoutBody(303, { Location: path });
}

/** A path with parameters. Those without a value are left out. */
export function withParameters(path: string, parameters: Record<string, string | null>): string {
  const url = new URL(path, BASE);
  for (const [name, value] of Object.entries(parameters)) if (value !== null) url.searchParams.set(name, value);
  return url.pathname + url.search + url.hash;
}

const BASE = "https://own.invalid";

/**
 * The path, query and fragment of a text that stays on this server; otherwise `null`. Anybody can write such a text into a
 * link, so that a log-in would end on a page of theirs that looks like ours.
 */
export function ownPath(text: unknown): string | null {
  // Browsers read `\` like `/`, drop tabs and line breaks, and take `//host` for another server.
  if (typeof text !== "string" || MAX_PATH < text.length || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text)) return null;
  try {
    const url = new URL(text, BASE);
    const path = url.pathname + url.search + url.hash;
    // `/.//host` becomes `//host`.
    return url.origin === BASE && !path.startsWith("//") ? path : null;
  } catch {
    return null;
  }
}

/** The path and query of a request's URL, if they can be returned to. */
export function pathOf(request: RequestLike): string | null {
  try {
    const { pathname, search } = new URL(request.url ?? "", BASE);
    return ownPath(pathname + search);
  } catch {
    return null;
  }
}

/** The parameter `next` of a request's URL, if it stays on this server. */
export function nextOf(request: RequestLike): string | null {
  try {
    const [next, ...more] = new URL(request.url ?? "", BASE).searchParams.getAll("next");
    return more.length === 0 ? ownPath(next) : null;
  } catch {
    return null;
  }
}

/** An option that is a path of this server. */
export function ownPathOption(byDefault: string): OptionReader<string> {
  return (name, value) => {
    const path = value === undefined ? byDefault : ownPath(value);
    if (path === null) throw invalid(`option "${name}" is not a path such as "/login"`);
    return path;
  };
}
