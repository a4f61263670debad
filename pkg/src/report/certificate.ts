/** Reads the dates of a certificate, only to show them. Nothing is decided by them. */

import { membersIn, membersOf } from "./der.js";

/** The time that a certificate says it is valid for, in seconds since 1970. */
export interface Validity {
  notBefore: number;
  notAfter: number;
}

/** The dates of a certificate in DER (RFC 5280 §4.1); `undefined` if it has another form. */
export function validityOf(certificate: Uint8Array): Validity | undefined {
  const signed = membersIn(membersOf(certificate)[0]?.content ?? new Uint8Array());
  // A certificate of version 1 does not say its version.
  const place = signed[0]?.tag === 0xa0 ? 4 : 3;
  const [notBefore, notAfter] = membersIn(signed[place]?.content ?? new Uint8Array()).map(({ tag, content }) =>
    timeOf(tag, new TextDecoder("latin1").decode(content)),
  );
  return notBefore === undefined || notAfter === undefined ? undefined : { notBefore, notAfter };
}

/** UTCTime has two digits for a year from 1950 to 2049, and GeneralizedTime four. */
function timeOf(tag: number, text: string): number | undefined {
  const whole = tag === 0x17 ? `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}` : tag === 0x18 ? text : "";
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(whole) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
  return Number.isNaN(time) ? undefined : time;
}
