/** `countersign`: both halves, loaded. */

import "./jwt.js";
import "./password.js";

export * from "../index.js";
