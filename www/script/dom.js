/** Creates elements. Text is always inserted as text, never as markup. */

/**
 * An element with attributes and children; `null` children are left out, and so are attributes that are `undefined`,
 * `null` or `false`.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Number.POSITIVE_INFINITY).filter((child) => child !== null));
  return made;
}

/** The element with this id, which the page has. */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no element "${id}"`);
  return found;
}

/** Writes to a status line: `kind` is "good", "bad", "warn" or empty. Does nothing if the line already says this. */
export function say(line, kind, text, detail) {
  const said = `${kind} ${text} ${detail ?? ""}`;
  if (line.dataset.said === said) return;
  line.dataset.said = said;
  line.classList.remove("good", "bad", "warn");
  if (kind) line.classList.add(kind);
  // A long code may be broken after its underscores.
  const pieces = text.split(/(?<=_)/).flatMap((piece, index) => (index === 0 ? [piece] : [element("wbr"), piece]));
  line.replaceChildren(...(text ? pieces : []), ...(detail ? [element("small", {}, detail)] : []));
}

/** Scrolls to what has just appeared, if it is out of sight. */
export function bringIntoView(place) {
  const { top } = place.getBoundingClientRect();
  if (top < 0 || window.innerHeight * 0.7 < top) place.scrollIntoView({ block: "start" });
}

/** Moves the focus to the heading of an answer, and brings it into view. */
export function goTo(heading) {
  heading.focus({ preventScroll: true });
  bringIntoView(heading);
}

/** Marks a field as wrong, or as not wrong. */
export function markInvalid(field, invalid) {
  if (invalid) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}
