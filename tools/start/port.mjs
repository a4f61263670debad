/** Chooses the port to serve on. */

import { createServer } from "node:net";

const DEFAULT_PORT = 8787;
const TRIES = 50;

/** The port that the environment names, or the default. */
export function readPort(text) {
  if (text === undefined || text === "") return DEFAULT_PORT;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error("PORT is not a number from 0 to 65535");
}

/** The first free port from `wanted` on; 0 means any and stays 0. */
export async function freePort(wanted, host) {
  if (wanted === 0) return 0;
  for (let port = wanted; port < wanted + TRIES && port <= 65_535; port++) {
    // "localhost" is ::1 to some programs, and another server there would answer in our place.
    const loopback = host === "127.0.0.1" ? await isFree(port, "::1") : true;
    if (loopback && (await isFree(port, host))) return port;
  }
  throw new Error(`no free port from ${wanted} on: name another with PORT=…`);
}

/** Whether no program listens there. An address that this machine does not have counts as free. */
function isFree(port, host) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", ({ code, message }) => {
      if (code === "EADDRINUSE") resolve(false);
      else if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") resolve(host === "::1");
      else reject(new Error(`cannot listen on ${host} port ${port}: ${message}`));
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
