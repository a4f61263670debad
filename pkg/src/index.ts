/** Everything: tokens and passwords. */

export * from "./jwt.js";
export * from "./password.js";
