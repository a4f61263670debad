/** Finds the token of a request: in a header (RFC 6750 §2.1) or in a cookie. */

import { invalid, type OptionReader, readOptions, unchecked } from "../options.js";
import { parseUrl } from "../parse-url.js";
import { cookieOf, SEVERAL } from "./cookies.js";
import { isCrossSite } from "./cross-site.js";
import { headerOf, type RequestLike } from "./request.js";

/** Where a guard looks for the token. */
export type TokenSource =
  /** `Authorization: Bearer …`. */
  | "authorization"
  | {
      /** The name of the header, such as `"Cf-Access-Jwt-Assertion"`. */
      header: string;
      /**
       * The word before the token. Default: `"Bearer"` for `Authorization` and `Proxy-Authorization`, and no word for other
       * headers. `""` means no word.
       */
      scheme?: string;
    }
  | {
      /** The name of the cookie, such as `"__Host-token"`. */
      cookie: string;
      /**
       * Origins such as `"https://app.example"` whose pages may send the cookie with a method that changes something.
       * Default: none. Pages of the guard's own origin always may.
       */
      origins?: readonly string[];
    };

/** The token of a request, or what is wrong; `isDpop` if it came with the scheme `DPoP`. */
export type Found = ({ readonly token: string } | { readonly status: 400 | 403; readonly problem: string }) & {
  readonly isDpop?: true;
};

/** A source, read from the option. */
export type TokenReader = (request: RequestLike) => Found | null;

/** RFC 9110 §5.6.2: the characters of names of headers, cookies and schemes. */
const NAME = /^[!#$%&'*+.^`|~\w-]+$/;
/** RFC 6750 §2.1: the characters of a token. */
const B64TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;
const TWO_TOKENS = { status: 400, problem: "more than one token" } as const;

/** Finds the one token of a request; `null` if it has none. */
export function findToken(request: RequestLike, sources: readonly TokenReader[]): Found | null {
  const [first, ...more] = sources.flatMap((source) => source(request) ?? []);
  if (first === undefined) return null;
  // RFC 6750 §2: a client must not send a token in more than one way.
  if (more.length > 0) return TWO_TOKENS;
  if ("problem" in first) return first;
  // Some frameworks give a URL without its origin. Anybody can send one that cannot be read, such as `//`.
  const url = parseUrl(request.url ?? "", "http://relative.invalid");
  if (url === null) return { status: 400, problem: "the request's URL cannot be read" };
  return url.searchParams.has("access_token") ? TWO_TOKENS : first;
}

/** Reads the option `from`. */
export const fromOption: OptionReader<readonly TokenReader[]> = (name, value) => {
  const sources: unknown[] = value === undefined ? ["authorization"] : Array.isArray(value) ? [...value] : [value];
  if (sources.length === 0) throw invalid(`option "${name}" names no source of tokens`);
  const read = sources.map((source) => readSource(name, source));
  if (new Set(read.map(({ id }) => id)).size < read.length) throw invalid(`option "${name}" names a source twice`);
  return read.map(({ reader }) => reader);
};

function readSource(option: string, source: unknown): { id: string; reader: TokenReader } {
  if (source === "authorization") return headerSource("Authorization", "Bearer");
  if (typeof source !== "object" || source === null || !("header" in source || "cookie" in source)) {
    throw invalid(`option "${option}" is not "authorization", a header or a cookie`);
  }
  if ("cookie" in source) {
    const { cookie, origins } = readOptions(source, { cookie: readName, origins: originsOption });
    return { id: `cookie ${cookie}`, reader: (request) => inCookie(request, cookie, origins) };
  }
  const { header, scheme } = readOptions(source, { header: readHeaderName, scheme: unchecked<unknown>() });
  const byDefault = /^(proxy-)?authorization$/i.test(header) ? "Bearer" : "";
  const word = scheme === undefined ? byDefault : scheme;
  if (typeof word !== "string" || !(word === "" || NAME.test(word))) {
    throw invalid('option "scheme" is not a word');
  }
  return headerSource(header, word);
}

function headerSource(name: string, scheme: string): { id: string; reader: TokenReader } {
  return { id: `header ${name.toLowerCase()}`, reader: (request) => inHeader(request, name, scheme) };
}

/** Finds the token of `Authorization: DPoP …` (RFC 9449 §7.1). */
export const inDpopScheme: TokenReader = (request) => {
  const found = inHeader(request, "Authorization", "DPoP");
  return found && { ...found, isDpop: true };
};

const readName: OptionReader<string> = (name, value) => {
  if (typeof value === "string" && NAME.test(value)) return value;
  throw invalid(`option "${name}" is not the name of a ${name}`);
};

const readHeaderName: OptionReader<string> = (name, value) => {
  const header = readName(name, value);
  if (/^(set-)?cookie2?$/i.test(header)) throw invalid(`option "${name}" is the header of cookies: use "cookie"`);
  return header;
};

/** Reads an option that is a list of origins. */
export const originsOption: OptionReader<readonly string[]> = (name, value) => {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isOrigin)) return [...value];
  throw invalid(`option "${name}" is not a list of origins such as "https://app.example"`);
};

function isOrigin(value: unknown): boolean {
  try {
    return typeof value === "string" && /^https?:/.test(value) && new URL(value).origin === value;
  } catch {
    return false;
  }
}

function inHeader(request: RequestLike, name: string, scheme: string): Found | null {
  const value = headerOf(request, name);
  if (value === null || value === "") return null;
  const space = value.indexOf(" ");
  const end = space === -1 ? value.length : space;
  if (scheme !== "" && value.slice(0, end).toLowerCase() !== scheme.toLowerCase()) return null;
  // RFC 9110 §11.4: one or more spaces. `trim` would also remove characters that are not ASCII.
  const token = scheme === "" ? value : value.slice(end).replace(/^ +/, "");
  // Two headers arrive as one with a comma, which a token cannot contain.
  return B64TOKEN.test(token) ? { token } : { status: 400, problem: `the ${name} header does not hold one token` };
}

function inCookie(request: RequestLike, name: string, origins: readonly string[]): Found | null {
  const token = cookieOf(request, name);
  if (token === SEVERAL) return TWO_TOKENS;
  if (token === null) return null;
  if (!B64TOKEN.test(token)) return { status: 400, problem: "the cookie does not hold one token" };
  return isCrossSite(request, origins) ? { status: 403, problem: "another site sent the cookie" } : { token };
}
