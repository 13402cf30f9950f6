// A problem with a whole date, or a whole set of choices, leads to the group;
// the person wants the first box in it.
export function focusGroups(page) {
  const summary = page.querySelector(".govuk-error-summary");
  if (!summary) return;
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const group = link && page.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!group || group.matches("input, select, textarea, button, a")) return;
    const first = group.querySelector(".govuk-input--error, input, select, textarea");
    if (!first) return;
    event.preventDefault();
    group.closest("fieldset")?.scrollIntoView();
    first.focus({ preventScroll: true });
  });
}
