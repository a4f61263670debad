/** `POST /register`: a new account. */

import { shardOf } from "./accounts.js";
import type { Env } from "./env.js";
import { hasher } from "./hasher.js";
import { failure, json, readStrings } from "./json.js";
import type { Login } from "./login.js";
import { passwordFault, readUsername, USERNAME_RULE } from "./rules.js";

/**
 * 201 with the account; 400 with the rule that was broken; 409 if the name is taken; 429 for too many from one address, or for one
 * name. A taken name cannot be
 * kept secret from a person who tries to register it. A system whose names are e-mail addresses would send a mail instead.
 */
export async function register(request: Request, env: Env, { registrations }: Login): Promise<Response> {
  const body = await readStrings(request, ["username", "password"]);
  if (body instanceof Response) return body;
  const { password, username: wanted } = body;

  const username = readUsername(wanted);
  if (username === null) return failure(400, "invalid_request", USERNAME_RULE);
  const fault = passwordFault(password);
  if (fault !== null) return failure(400, "invalid_request", fault);

  // Counted before the password is hashed, also if it succeeds.
  const { allowed, retryAfter } = await registrations.attempt(username, request);
  if (!allowed) {
    const headers = { "Retry-After": String(Number.isFinite(retryAfter) ? retryAfter : 86_400) };
    return failure(429, "slow_down", "too many registrations: try again later", headers);
  }

  const shard = await shardOf(env, username);
  const registered = new Date().toISOString();
  const isFree = (await shard.find(username)) === null;
  const added = isFree && (await shard.add({ username, hash: hasher.hash(password), registered }));
  return added ? json(201, { username }) : failure(409, "username_taken", "this user name is taken");
}
