// The search of VitePress for screen readers: its window says that it is a button with everything else inside it, and its results
// are options with a link inside. Neither may be. accessibility.test.mjs finds it.

/** What the window has, and what it gets instead. */
const WINDOW = [
  [
    `role="button"
      :aria-owns="results?.length ? 'localsearch-list' : undefined"
      aria-expanded="true"
      aria-haspopup="listbox"`,
    `role="dialog"
      aria-modal="true"`,
  ],
  [
    'aria-autocomplete="both"',
    `role="combobox"
            aria-autocomplete="list"
            :aria-expanded="results?.length ? 'true' : 'false'"`,
  ],
  [
    `:id="'localsearch-item-' + index"
            :aria-selected="selectedIndex === index ? 'true' : 'false'"
            role="option"
          >
            <a`,
    `role="none"
          >
            <a
              :id="'localsearch-item-' + index"
              :aria-selected="selectedIndex === index ? 'true' : 'false'"
              role="option"`,
  ],
  // It is not the text that is shown, so nobody could ask for the link by voice.
  [":aria-label=\"[...p.titles, p.title].join(' > ')\"", ""],
  // A name is only for what has a role.
  ...["navigateUp", "navigateDown", "select", "close"].map((key) => {
    const name = `:aria-label="translate('modal.footer.${key}KeyAriaLabel')"`;
    return [name, `role="img" ${name}`];
  }),
];

/** The same for the button that opens it. Its text is its name; on phones, where only a picture is shown, its title is. */
const BUTTON = [[":aria-label=\"translate('button.buttonAriaLabel')\"", ":title=\"translate('button.buttonText')\""]];

/** A plugin for Vite. Fails if the component is not what it was, so that a new version of VitePress is looked at. */
export function searchRoles() {
  return {
    name: "search-roles",
    enforce: "pre",
    transform(code, id) {
      const [, file] = /\/(VPLocalSearchBox|VPNavBarSearchButton)\.vue$/.exec(id) ?? [];
      if (file === undefined) return undefined;
      return (file === "VPLocalSearchBox" ? WINDOW : BUTTON).reduce((text, [before, after]) => {
        const pieces = text.split(before);
        if (pieces.length !== 2) this.error(`the search of VitePress has ${pieces.length - 1} of: ${before}`);
        return pieces.join(after);
      }, code);
    },
  };
}
