/** Key sets of another form than RFC 7517: the answer of the server is rewritten before it is read. */

import { readText } from "../remote/limits.js";
import { fetchOfPlatform, type RemoteKeySetOptions } from "../remote/options.js";
import { expectResponse } from "../remote/response.js";

/** The most bytes of an answer, unless `maxResponseBytes` says otherwise. */
const MAX_BYTES = 131_072;

/** Options whose `fetch` rewrites the text of an answer. An answer other than 200 stays as it is, and is refused later. */
export function rewritingFetch(
  options: RemoteKeySetOptions | undefined,
  rewrite: (text: string) => string,
): RemoteKeySetOptions {
  const { fetch: ask = fetchOfPlatform, maxResponseBytes = MAX_BYTES } = options ?? {};
  return {
    ...options,
    fetch: async (url, init) => {
      const response = await ask(url, init);
      expectResponse(response);
      if (response.status !== 200 || response.redirected) return response;
      const text = await readText(response.body, maxResponseBytes, init.signal);
      return { status: 200, headers: response.headers, body: new Response(rewrite(text)).body };
    },
  };
}
