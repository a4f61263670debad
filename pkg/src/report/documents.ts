/** Names the files of other systems in JSON that are no keys, and says what to do with them. Of their content, only kids are shown. */

import { shown } from "./text.js";

type Members = Readonly<Record<string, unknown>>;

/** A file of another system. */
interface Document {
  name: string;
  fits(members: Members): boolean;
  /** What to do with it. It has no secret. */
  advice(members: Members): string;
}

const isText = (value: unknown, pattern: RegExp): boolean => typeof value === "string" && pattern.test(value);

const areObjects = (value: unknown): value is Members[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "object" && each !== null);

/** Members that only users of an export have. */
const hasSome = (value: unknown, names: readonly string[]): boolean =>
  areObjects(value) && value.some((each) => names.some((name) => name in each));

/** The most names that are shown, and their most characters. */
const MAX_NAMES = 5;
const MAX_NAME = 80;

function namesOf(members: Members): string {
  const names = Object.keys(members);
  const first = names.slice(0, MAX_NAMES).map((name) => shown(name.slice(0, MAX_NAME)));
  return `${first.join(", ")}${names.length > MAX_NAMES ? " and others" : ""}`;
}

const DOCUMENTS: readonly Document[] = [
  {
    name: "a service account of Google",
    fits: ({ type, private_key }) =>
      type === "service_account" || (isText(private_key, /^-----BEGIN /) && type !== undefined),
    advice: () => 'its key is in "private_key", a PEM: pass that text alone, with its line breaks, and keep it secret',
  },
  {
    name: "a map of certificates by kid",
    fits: (members) => {
      const values = Object.values(members);
      return values.length > 0 && values.every((value) => isText(value, /^\s*-----BEGIN CERTIFICATE-----/));
    },
    advice: (members) =>
      `its kids are ${namesOf(members)}: pass the certificate that the "kid" of the token names, alone`,
  },
  {
    name: "an export of Keycloak",
    fits: ({ realm, users }) =>
      hasSome(users, ["credentials", "realmRoles"]) || (typeof realm === "string" && Array.isArray(users)),
    advice: () => "its users are converted by countersign import --from keycloak",
  },
  {
    name: "an export of Firebase",
    fits: ({ users }) => hasSome(users, ["localId", "passwordHash"]),
    advice: () => "its users are converted by countersign import --from firebase, with --config",
  },
];

/** What a file is, and what to do with it, if it is a known one. */
export function documentIn(members: Members): { name: string; advice: string } | undefined {
  const found = DOCUMENTS.find(({ fits }) => fits(members));
  return found && { name: found.name, advice: found.advice(members) };
}
