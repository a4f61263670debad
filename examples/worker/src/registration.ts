/** `POST /register`: a new account. */

import { shardOf } from "./accounts.js";
import type { Env } from "./env.js";
import { hasher } from "./hasher.js";
import { failure, json, readStrings } from "./json.js";
import { passwordFault, readUsername, USERNAME_RULE } from "./rules.js";

/**
 * 201 with the account; 400 with the rule that was broken; 409 if the name is taken. A taken name cannot be
 * kept secret from a person who tries to register it. A system whose names are e-mail addresses would send a mail instead.
 */
export async function register(request: Request, env: Env): Promise<Response> {
  const body = await readStrings(request, ["username", "password"]);
  if (body instanceof Response) return body;
  const { password, username: wanted } = body;

  const username = readUsername(wanted);
  if (username === null) return failure(400, "invalid_request", USERNAME_RULE);
  const fault = passwordFault(password);
  if (fault !== null) return failure(400, "invalid_request", fault);

  const shard = await shardOf(env, username);
  const registered = new Date().toISOString();
  const isFree = (await shard.find(username)) === null;
  const added = isFree && (await shard.add({ username, hash: hasher.hash(password), registered }));
  return added ? json(201, { username }) : failure(409, "username_taken", "this user name is taken");
}
