/** What is measured inside a page. These functions run there and see nothing from out here. */

/**
 * The contrast of every visible text with what is behind it, and of every control's border with its surroundings
 * (WCAG 2.2, 1.4.3 and 1.4.11): how many were checked, and those that fall short.
 */
export function measureContrast() {
  const channels = (color) => {
    const numbers = color.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    return numbers.length === 3 ? [...numbers, 1] : numbers;
  };
  const over = ([r, g, b, a], [br, bg, bb]) => [r * a + br * (1 - a), g * a + bg * (1 - a), b * a + bb * (1 - a), 1];
  const behind = (element) => {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement)
      layers.push(channels(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((ground, layer) => over(layer, ground), [255, 255, 255, 1]);
  };
  const luminance = ([r, g, b]) => {
    const [lr, lg, lb] = [r, g, b].map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * lr + 0.7152 * lg + 0.0722 * lb;
  };
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((left, right) => right - left);
    return (light + 0.05) / (dark + 0.05);
  };
  const named = (element) => `${element.tagName.toLowerCase()}${element.id && `#${element.id}`}.${element.className}`;
  const exempt = (element) =>
    element.closest("[hidden], .sr-only, .skip, :disabled") !== null ||
    !element.checkVisibility({ visibilityProperty: true });

  let checked = 0;
  const poor = [];
  const demand = (element, what, color, ground, least) => {
    checked++;
    const found = ratio(over(channels(color), ground), ground);
    if (found < least) poor.push(`${named(element)} ${what}: ${found.toFixed(2)} of ${least}`);
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === "" || exempt(element)) continue;
    const style = getComputedStyle(element);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    demand(element, JSON.stringify(node.data.trim().slice(0, 20)), style.color, behind(element), large ? 3 : 4.5);
  }
  for (const field of document.querySelectorAll(
    "input:not([type=radio], [type=checkbox], [type=range]), textarea, button",
  )) {
    if (exempt(field)) continue;
    const style = getComputedStyle(field);
    const ground = behind(field);
    const around = behind(field.parentElement);
    // A painted copy of the text lies under the editor of the token and is measured separately.
    if (field.matches("input, textarea") && field.id !== "token-input") {
      demand(field, "text", style.color, ground, 4.5);
      if (field.placeholder) demand(field, "placeholder", getComputedStyle(field, "::placeholder").color, ground, 4.5);
    }
    // What tells a control from its surroundings: its border, or else its ground.
    const edge = channels(style.borderTopColor)[3] > 0 ? style.borderTopColor : style.backgroundColor;
    demand(field, "edge", edge, around, 3);
  }
  return { checked, poor };
}

/** The level of the first heading, and the headings that are more than one level below the one before. */
export function nestedHeadings() {
  const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter((each) => each.checkVisibility());
  const levels = headings.map(({ tagName }) => Number(tagName[1]));
  const skipped = headings.filter((_, index) => index > 0 && levels[index] > levels[index - 1] + 1);
  return { first: levels[0], skipped: skipped.map(({ textContent }) => textContent) };
}
