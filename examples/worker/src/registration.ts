/** `POST /register`: a new account. */

import type { Env } from "./env.js";
import { failure, json, readObject } from "./json.js";
import { passwordFault, readUsername, USERNAME_RULE } from "./rules.js";

/**
 * 201 with the account; 400 with the rule that was broken; 409 if the name is taken. A taken name cannot be
 * kept secret from a person who tries to register it. A system whose names are e-mail addresses would send a mail instead.
 */
export async function register(request: Request, env: Env): Promise<Response> {
  const body = await readObject(request, 4096);
  if (body instanceof Response) return body;
  const { username: wanted, password, ...rest } = body;
  if (Object.keys(rest).length > 0)
    return failure(400, "invalid_request", "the body has more than username and password");
  if (typeof wanted !== "string") return failure(400, "invalid_request", "username is not a string");
  if (typeof password !== "string") return failure(400, "invalid_request", "password is not a string");

  const username = readUsername(wanted);
  if (username === null) return failure(400, "invalid_request", USERNAME_RULE);
  const fault = passwordFault(password);
  if (fault !== null) return failure(400, "invalid_request", fault);

  const created = await env.ACCOUNTS.getByName(username).register(username, password);
  return created ? json(201, { username }) : failure(409, "username_taken", "this user name is taken");
}
