// A form that somebody wrote in is sent only over a connection that is there: else the
// browser would put its own page in the place of what they wrote, and no page of ours is
// kept to go back to. Without script the browser says it, and Back may bring the text.
const wait = 8000;

export function keepUnsent(page) {
  const sure = new WeakSet(); // forms whose connection was just tried
  const trying = new WeakSet(); // and those whose is being tried: a second click is the first

  page.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (form.method !== "post" || !form.querySelector("textarea") || sure.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (trying.has(form)) return;
      trying.add(form);
      const button = event.submitter;
      const there = await connected();
      trying.delete(form);
      if (there) {
        sure.add(form);
        tell(form, "");
        form.requestSubmit(button);
      } else {
        tell(form, "There is no connection, so nothing was sent. What you wrote is still here: try again when the connection is back.");
      }
    },
    true,
  );

  async function connected() {
    if (page.defaultView.navigator.onLine === false) return false;
    try {
      await fetch(import.meta.url, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(wait) });
      return true;
    } catch {
      return false;
    }
  }

  // Says beside the button pressed what happened; "" takes it away.
  function tell(form, words) {
    let said = form.querySelector(".unsent-said");
    if (!said && words) {
      said = page.createElement("p");
      said.className = "unsent-said govuk-error-message";
      said.setAttribute("role", "alert");
      (form.querySelector(".govuk-button-group") ?? form.lastElementChild).before(said);
    }
    if (said) said.textContent = words;
  }
}
