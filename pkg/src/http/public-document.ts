/** Serves public JSON documents, such as metadata. */

import { methodNotAllowed } from "./reply.js";
import { checkHeaders, type RequestLike } from "./request.js";

/** A handler that serves one document to everybody. */
export interface DocumentHandler<D extends object> {
  (request: Pick<RequestLike, "headers" | "method">): Promise<Response>;
  /** The document. */
  readonly document: D;
}

/** How long caches may keep a document, in seconds. */
const MAX_AGE = 300;

/**
 * Makes the handler. It answers `GET` and `HEAD`, and 405 to other methods.
 *
 * The document is public and the same for everybody, so pages of every origin may read it: clients in browsers must.
 */
export function serveDocument<D extends object>(document: D): DocumentHandler<D> {
  const body = JSON.stringify(document);
  const headers = {
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": `public, max-age=${MAX_AGE}`,
    "Content-Type": "application/json",
  };
  const handler = async (request: Pick<RequestLike, "headers" | "method">) => {
    checkHeaders(request);
    if (request.method !== "GET" && request.method !== "HEAD") return methodNotAllowed("GET, HEAD");
    return new Response(request.method === "HEAD" ? null : body, { headers });
  };
  return Object.assign(handler, { document });
}
