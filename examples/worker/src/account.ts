/** What a user sees and changes of their own account. */

import { shardOf } from "./accounts.js";
import type { Env } from "./env.js";
import { hasher } from "./hasher.js";
import { failure, json, readStrings } from "./json.js";
import type { Login, User } from "./login.js";
import { isPossiblePassword, passwordFault } from "./rules.js";

/** `GET /users/me`: the user, and the profile if the token allows it. */
export async function me(user: User, env: Env): Promise<Response> {
  const username = user.claims.sub;
  const account = await (await shardOf(env, username)).find(username);
  if (account === null) return gone();
  const profile = user.scopes.includes("profile") ? { registered: account.registered } : {};
  return json(200, { username, scopes: user.scopes, ...profile });
}

/** `GET /users/me/sessions`: where the user is logged in. */
export async function listSessions({ claims }: User, { sessions }: Login): Promise<Response> {
  const list = await sessions.list(claims.sub);
  return json(200, {
    sessions: list.map(({ client, endsAt, id, startedAt, usedAt }) => {
      return { id, client, started_at: startedAt, used_at: usedAt, ends_at: endsAt, current: id === claims.sid };
    }),
  });
}

/** `DELETE /users/me/sessions`: logs out everywhere. */
export async function endSessions({ claims }: User, { sessions }: Login): Promise<Response> {
  return json(200, { ended: await sessions.endAll(claims.sub) });
}

/** `DELETE /users/me/sessions/…`: logs out one device. */
export async function endSession({ claims }: User, { sessions }: Login, id: string): Promise<Response> {
  // The id of another user's session is answered like one that does not exist.
  const isTheirs = (await sessions.list(claims.sub)).some((session) => session.id === id);
  if (!isTheirs || !(await sessions.end(id))) return failure(404, "not_found", "there is no such session");
  return json(200, { ended: 1 });
}

/** `POST /users/me/password`: a new password, which ends all other sessions. */
export async function changePassword(
  { claims }: User,
  { sessions, throttle }: Login,
  request: Request,
  env: Env,
): Promise<Response> {
  const body = await readStrings(request, ["current_password", "new_password"]);
  if (body instanceof Response) return body;
  const { current_password: current, new_password: next } = body;
  const fault = passwordFault(next);
  if (fault !== null) return failure(400, "invalid_request", fault);

  // At an unlocked computer, the password can be guessed no faster than at the log-in.
  const attempt = await throttle.attempt(claims.sub, request);
  const shard = await shardOf(env, claims.sub);
  const account = attempt.allowed && isPossiblePassword(current) ? await shard.find(claims.sub) : null;
  if (account === null || !hasher.verify(current, account.hash).ok) return wrongPassword();
  await attempt.succeeded();
  // Fails if the password has been changed by somebody else meanwhile.
  if (!(await shard.replaceHash(claims.sub, account.hash, hasher.hash(next)))) return wrongPassword();
  return json(200, { ended: await sessions.endAll(claims.sub, { except: claims.sid }) });
}

function wrongPassword(): Response {
  return failure(400, "invalid_grant", "the current password is wrong");
}

/** `GET /session/token`: the access token of the cookie, for a page that shows it. */
export async function showToken(user: User, { tokenOf }: Login): Promise<Response> {
  return json(200, { access_token: tokenOf(user) });
}

/** RFC 6750 §3.1. */
function gone(): Response {
  const description = "the account of the token no longer exists";
  const challenge = `Bearer realm="countersign", error="invalid_token", error_description="${description}"`;
  return failure(401, "invalid_token", description, { "WWW-Authenticate": challenge });
}
