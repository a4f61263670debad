// A client and a server of tokens that are bound to keys, in one program: what every runtime must do alike.

import { DpopSigner } from "countersign/dpop";
import { form, LOG_IN, makeSystem, SECRET } from "./system.mjs";

const ORIGIN = "https://api.example";

function expect(found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  }
}

/** Runs everything, and returns the names of what was done. */
export async function runFlow() {
  const done = [];
  const system = makeSystem({ dpop: { nonceSecret: SECRET } });
  const sent = [];
  const fetchOfPlatform = globalThis.fetch;
  globalThis.fetch = async (request) => {
    sent.push(new URL(request.url).pathname);
    return system.serve(request);
  };
  try {
    const signer = await DpopSigner.create();
    const ask = async (path, init) => {
      const answer = await signer.fetch(ORIGIN + path, init);
      return { status: answer.status, body: await answer.json() };
    };
    const { body: tokens } = await ask("/token", form(LOG_IN));
    expect(tokens.token_type, "DPoP");
    // Twice, because the server demanded a nonce, which the signer remembers.
    expect(sent, ["/token", "/token"]);
    const accessToken = tokens.access_token;
    expect(await ask("/me?x=1#y", { accessToken }), { status: 200, body: { user: "alice" } });
    expect(sent.length, 3);
    done.push("log in");

    const refreshing = form({ grant_type: "refresh_token", refresh_token: tokens.refresh_token });
    const { body: next } = await ask("/token", refreshing);
    expect(next.token_type, "DPoP");
    expect((await ask("/me", { accessToken: next.access_token })).status, 200);
    done.push("refresh");

    const thief = await DpopSigner.create();
    const stolen = await thief.fetch(`${ORIGIN}/me`, { accessToken });
    expect([stolen.status, (await stolen.json()).error], [401, "invalid_token"]);
    const again = form({ grant_type: "refresh_token", refresh_token: next.refresh_token });
    const taken = await thief.fetch(`${ORIGIN}/token`, again);
    expect([taken.status, (await taken.json()).error], [400, "invalid_grant"]);
    const headers = { Authorization: `Bearer ${accessToken}` };
    expect((await system.serve(new Request(`${ORIGIN}/me`, { headers }))).status, 401);
    expect((await ask("/token", again)).status, 200);
    done.push("thief");

    const nonce = await system.dpop.nonce();
    const proof = await signer.proof({ method: "GET", url: `${ORIGIN}/me`, accessToken, nonce });
    const replay = () =>
      system.serve(new Request(`${ORIGIN}/me`, { headers: { DPoP: proof, Authorization: `DPoP ${accessToken}` } }));
    const statuses = (await Promise.all([replay(), replay()])).map(({ status }) => status).sort();
    expect(statuses, [200, 401]);
    done.push("replay");
    return done;
  } finally {
    globalThis.fetch = fetchOfPlatform;
  }
}

/** What `runFlow` returns. */
export const FLOW = ["log in", "refresh", "thief", "replay"];
