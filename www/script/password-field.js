/** Password fields: a button that shows what was typed, and a measure of its length. */

/** Connects the buttons that show and hide a password. */
export function wireReveals() {
  for (const button of document.querySelectorAll("[data-reveals]")) {
    const field = document.getElementById(button.dataset.reveals);
    const label = field.labels[0].textContent.trim().toLowerCase();
    const update = () => {
      const hidden = field.type === "password";
      button.textContent = hidden ? "Show" : "Hide";
      button.setAttribute("aria-label", `${button.textContent} the ${label}`);
    };
    button.addEventListener("click", () => {
      field.type = field.type === "password" ? "text" : "password";
      update();
    });
    update();
  }
}

/** Shows how much of `least` characters is there. Characters are code points, as NIST SP 800-63B counts them. */
export function wireMeasure(field, bar, hint, least) {
  const told = hint.textContent;
  field.addEventListener("input", () => {
    const length = [...field.value.normalize("NFC")].length;
    bar.firstElementChild.style.width = `${Math.min(length / least, 1) * 100}%`;
    bar.classList.toggle("full", length >= least);
    hint.textContent = length === 0 || length >= least ? told : `${length} of at least ${least} characters.`;
  });
}
