/** Reads the cookies of a request. */

import { headerOf, type RequestLike } from "./request.js";

/** More than one cookie with the same name. Nobody knows which of them this server has set. */
export const SEVERAL = Symbol("several");

/** The value of a cookie; `null` without one; {@link SEVERAL} if the request has more than one. */
export function cookieOf(request: Pick<RequestLike, "headers">, name: string): string | null | typeof SEVERAL {
  const pieces = (headerOf(request, "Cookie") ?? "").split(";").map(trimBlanks);
  const values = pieces.filter((piece) => piece.startsWith(`${name}=`)).map((piece) => piece.slice(name.length + 1));
  // Two `Cookie` headers may arrive as one with a comma.
  const hidden = pieces.some((piece) =>
    piece
      .split(",")
      .slice(1)
      .some((text) => trimBlanks(text).startsWith(`${name}=`)),
  );
  if (hidden || values.length > 1) return SEVERAL;
  // Servers delete a cookie with an empty value.
  return values[0] || null;
}

/** Removes spaces and tabs. `trim` would remove more, and another cookie could pass for one with a `__Host-` prefix. */
function trimBlanks(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start += 1;
  while (start < end && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

const isBlank = (character: string | undefined) => character === " " || character === "\t";
