// A listener of Node's http server on a free port, and how to ask it.

import { once } from "node:events";
import { createServer } from "node:http";
import { after } from "node:test";

/** Serves until the tests of the file end. Returns a function from a path and an `init` to the response, with the `url`. */
export async function serve(listener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address();
  const url = `http://127.0.0.1:${port}`;
  return Object.assign((path, init) => fetch(url + path, { redirect: "manual", ...init }), { url });
}
