/** The systems whose exports are read: how a row of each becomes a stored hash. */

import {
  type Auth0User,
  type ClerkUser,
  type Columns,
  type FirebaseProject,
  type FirebaseUser,
  fromAuth0,
  fromClerk,
  fromColumns,
  fromFirebase,
  fromKeycloak,
  fromSupabase,
  type KeycloakCredential,
  type SupabaseUser,
} from "../import.js";
import { meaningOfMark } from "../report/no-password.js";
import { textOf } from "../report/read-keys.js";
import { parseStrict } from "../report/strict-json.js";
import type { Call } from "./call.js";
import { Failure, usage } from "./failure.js";

type Row = Record<string, unknown>;

/** How to read the rows of a system. */
export interface System {
  /** The stored hash, `null` for a user without a password, or `undefined` for a row that is neither a user nor a password. */
  convert(row: Row): string | null | undefined;
  /** The properties that may identify a user: the first that a row has. */
  ids: readonly string[];
  /** The user in a row that wraps one. */
  unwrap?(row: Row): Row;
}

/** The system that `--from` names. */
export async function systemOf(call: Call): Promise<System> {
  const from = call.text("from");
  if (from === undefined)
    throw usage("say where the file is from: --from firebase, keycloak, auth0, clerk, supabase, columns or hashes");
  if (call.has("config") && from !== "firebase" && from !== "columns") throw usage(`--config is not for ${from}`);
  if (call.has("column") && from !== "hashes") throw usage("--column is for --from hashes");
  const system = await named(call, from);
  const id = call.text("id");
  return id === undefined ? system : { ...system, ids: [id] };
}

async function named(call: Call, from: string): Promise<System> {
  switch (from) {
    case "firebase": {
      const project = await projectOf(call);
      return { convert: (row) => fromFirebase(row as FirebaseUser, project), ids: ["localId", "uid"] };
    }
    case "keycloak":
      // In the table of credentials, "id" is that of the credential.
      return { convert: keycloak, ids: ["user_id", "USER_ID", "id", "username"] };
    case "auth0":
      return { convert: (row) => fromAuth0(row as Auth0User), ids: ["user_id", "_id", "id", "email"] };
    case "clerk":
      return { convert: (row) => fromClerk(row as unknown as ClerkUser), ids: ["id", "user_id"] };
    case "supabase":
      return { convert: (row) => fromSupabase(row as unknown as SupabaseUser), ids: ["id"] };
    case "columns":
      return columns(await configOf(call));
    default: {
      const column = call.text("column") ?? "password_hash";
      const isDefault = !call.has("column");
      return {
        convert: (row) => {
          const user = ofDumpdata(row);
          if (user === row) return ofColumn(row, column, isDefault);
          const name = isDefault ? "password" : column;
          // The file has the rows of all tables.
          return name in user ? ofColumn(user, name, isDefault) : undefined;
        },
        ids: ["id", "user_id", "username", "email"],
        unwrap: ofDumpdata,
      };
    }
  }
}

/**
 * A user of an export, or a row of the table of credentials. An export has the list `credentials` for everybody, also if it is
 * empty. The Admin API leaves it out, and so do files that people write by hand for service accounts and federated users.
 */
function keycloak(row: Row): string | null | undefined {
  // In MySQL, MariaDB and Oracle, the columns of the table have capital letters.
  if (Array.isArray(row.users))
    throw new Failure("INPUT_INVALID", "row is a whole realm: give the file of one realm, without a list around it");
  if ("SECRET_DATA" in row) {
    const { CREDENTIAL_DATA: credential_data, SECRET_DATA: secret_data, TYPE: type } = row;
    return keycloak({ credential_data, secret_data, type });
  }
  if (Array.isArray(row.credentials)) return fromKeycloak(row.credentials as KeycloakCredential[]);
  const isCredential = ["secretData", "secret_data", "credentialData", "credential_data"].some((name) => name in row);
  // The table also has one-time passwords, passkeys and old passwords. Their users may have a password in another row.
  if (isCredential) return fromKeycloak(row as KeycloakCredential) ?? undefined;
  if ((row.credentials ?? "") !== "") throw new Failure("INPUT_INVALID", 'row\'s "credentials" is not a list');
  const { federatedIdentities: identities, federationLink, serviceAccountClientId } = row;
  const links = [federationLink, serviceAccountClientId, Array.isArray(identities) ? identities[0] : undefined];
  if (links.some((link) => (link ?? "") !== "")) return null;
  if (typeof row.realm === "string" && typeof row.username !== "string")
    throw new Failure(
      "INPUT_INVALID",
      'this realm has no "users": export them with "kc.sh export --users realm_file" or "same_file"',
    );
  throw new Failure(
    "INPUT_INVALID",
    'row has no "credentials": "kc.sh export" writes them, and the Admin API does not',
  );
}

/** A row of Django's `manage.py dumpdata` has the columns in `fields`, and beside them the primary key. */
function ofDumpdata(row: Row): Row {
  const { model, pk, fields } = row;
  if (typeof model !== "string" || typeof fields !== "object" || fields === null) return row;
  return { id: pk, ...fields };
}

function ofColumn(row: Row, column: string, isDefault: boolean): string | null {
  const stored = row[column];
  if (stored === null || stored === "") return null;
  if (typeof stored === "string") return meaningOfMark(stored) === undefined ? stored : null;
  throw new Failure(
    "INPUT_INVALID",
    stored === undefined
      ? `row has no ${JSON.stringify(column)}${isDefault ? ": name its column with --column" : ""}`
      : `row's ${JSON.stringify(column)} is not a string`,
  );
}

/** `{"algorithm": "pbkdf2", …, "columns": {"hash": "password_hash", "salt": "password_salt"}}`. */
function columns({ columns: names, ...settings }: Row): System {
  if (typeof names !== "object" || names === null) {
    throw new Failure(
      "INPUT_INVALID",
      'the configuration has no "columns", such as {"hash": "password_hash", "salt": "password_salt"}',
    );
  }
  const pairs = Object.entries(names).map(([name, column]) => [name, String(column)] as const);
  // Text from CSV; `fromColumns` takes counts as numbers.
  const typed = (name: string, value: unknown) =>
    /^(iterations|cost|blockSize|parallelism|keyLength)$/.test(name) && typeof value === "string" && /^\d+$/.test(value)
      ? Number(value)
      : value;
  return {
    convert: (row) => {
      const values = pairs.map(([name, column]) => [name, typed(name, row[column])]);
      return fromColumns({ ...settings, ...Object.fromEntries(values) } as Columns);
    },
    ids: ["id", "user_id", "username", "email"],
  };
}

async function configOf(call: Call): Promise<Row> {
  return parseStrict(configText(call), "the configuration");
}

function configText(call: Call): string {
  const path = call.text("config");
  if (path === undefined) throw usage(`--from ${call.text("from")} needs --config FILE`);
  const text = textOf(call.readFile(path, "the configuration"));
  if (text === undefined) throw new Failure("INPUT_INVALID", "the configuration is not text");
  return text.replace(/^\ufeff/, "");
}

/** The hash parameters of a Firebase project: as JSON, or as the console shows them. */
async function projectOf(call: Call): Promise<FirebaseProject> {
  const text = configText(call);
  const given = text.trimStart().startsWith("{") ? await parseStrict(text, "the configuration") : shownByConsole(text);
  const { signerKey = given.base64_signer_key, saltSeparator = given.base64_salt_separator } = given;
  const { rounds, memCost = given.mem_cost } = given;
  return { signerKey, saltSeparator, rounds, memCost } as FirebaseProject;
}

function shownByConsole(text: string): Row {
  const pairs = text.matchAll(/\b(base64_signer_key|base64_salt_separator|rounds|mem_cost):\s*([^\s,]+)/g);
  return Object.fromEntries(
    Array.from(pairs, ([, name, value]) => [name, /^(rounds|mem_cost)$/.test(name ?? "") ? Number(value) : value]),
  );
}
