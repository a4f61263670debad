// What the tests expect to be thrown.

/** An option that is refused, with this message. */
export const invalid = (message) => ({ name: "CountersignError", code: "OPTION_INVALID", message });
