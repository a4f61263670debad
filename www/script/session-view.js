/** Draws where the user is logged in. */

import { element } from "./dom.js";
import { clock } from "./time.js";

/** Draws the list; `end` gets the session whose button was pressed. */
export function drawSessions(place, sessions, end) {
  const items = sessions.map((session) => {
    const { client, current, started_at, used_at } = session;
    const seconds = (date) => Date.parse(date) / 1000;
    const times = `logged in ${clock(seconds(started_at))}, refreshed ${clock(seconds(used_at))}`;
    const button = element("button", { type: "button", "aria-label": `Log out ${client}` }, "Log out");
    button.addEventListener("click", () => end(session));
    return element(
      "li",
      { "data-session": session.id },
      element(
        "div",
        {},
        element("strong", {}, client),
        " ",
        current ? element("span", { class: "tag" }, "this browser") : null,
        element("small", {}, used_at === started_at ? `logged in ${clock(seconds(started_at))}` : times),
      ),
      current ? null : button,
    );
  });
  // A button that has the focus keeps it.
  const focused = place.contains(document.activeElement) ? document.activeElement.closest("li") : null;
  place.replaceChildren(...items);
  items
    .find((item) => item.dataset.session === focused?.dataset.session)
    ?.querySelector("button")
    ?.focus();
}
