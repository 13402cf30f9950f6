// What a radio reveals is shown while that radio is chosen. GOV.UK's own module
// does the same, but marks radios with aria-expanded, which the role radio does
// not have; here aria-controls alone ties the two together.
export function revealByRadio(page) {
  for (const set of page.querySelectorAll('[data-module="govuk-radios"]')) {
    for (const radio of set.querySelectorAll("input[data-aria-controls]")) {
      radio.setAttribute("aria-controls", radio.dataset.ariaControls);
    }
    set.addEventListener("change", () => show(page, set));
    show(page, set);
  }
  page.defaultView.addEventListener("pageshow", () => {
    for (const set of page.querySelectorAll('[data-module="govuk-radios"]')) show(page, set);
  });
}

function show(page, set) {
  for (const radio of set.querySelectorAll("input[data-aria-controls]")) {
    const inside = page.getElementById(radio.dataset.ariaControls);
    inside?.classList.toggle("govuk-radios__conditional--hidden", !radio.checked);
  }
}
