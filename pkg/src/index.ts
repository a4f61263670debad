/** Everything: tokens and passwords. */

export * from "./password.js";
export * from "./tokens.js";
