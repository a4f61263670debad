/** The tabs, by the pattern of the ARIA Authoring Practices: arrow keys go from tab to tab, and each opens at once. */

/** Connects the tabs. A fragment such as `#keys` opens one. */
export function wireTabs() {
  const tabs = [...document.querySelectorAll("[role=tab]")];
  const open = (tab) => {
    for (const each of tabs) {
      const isOpen = each === tab;
      each.setAttribute("aria-selected", String(isOpen));
      each.tabIndex = isOpen ? 0 : -1;
      document.getElementById(each.getAttribute("aria-controls")).hidden = !isOpen;
    }
  };
  const named = (name) => tabs.find(({ id }) => id === `tab-${name}`);

  for (const tab of tabs) {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", (event) => {
      const index = tabs.indexOf(tab);
      const target = {
        ArrowRight: tabs[(index + 1) % tabs.length],
        ArrowLeft: tabs.at(index - 1),
        Home: tabs[0],
        End: tabs.at(-1),
      }[event.key];
      if (target === undefined) return;
      event.preventDefault();
      open(target);
      target.focus();
    });
  }
  const follow = () => {
    const tab = named(location.hash.slice(1));
    if (tab !== undefined) open(tab);
  };
  window.addEventListener("hashchange", follow);
  follow();
  return { open: (name) => open(named(name)) };
}
