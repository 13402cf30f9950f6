// Shows how a chapter of the yearly report will look while it is written. The
// page works without it: its Preview button does the same.
const form = document.querySelector("form[data-report-editor]");
const shown = document.getElementById("report-check");

if (form && shown) {
  const status = document.createElement("p");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  shown.before(status);

  let waiting = 0;
  let asked = 0;
  let saved = form.dataset.reportEditor !== "unsaved";

  // Said where it is seen, since what is written can still be saved.
  const out = document.createElement("p");
  out.className = "govuk-error-message";
  out.setAttribute("role", "alert");
  form.querySelector(".govuk-button-group").before(out);
  function signedOut(is) {
    const words = is ? "You have been signed out. What you wrote is still here: press Save, and the next page keeps it until you have signed in again." : "";
    if (out.textContent !== words) out.textContent = words;
  }

  async function refresh() {
    const mine = ++asked;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("act", "preview");
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("report-check");
      signedOut(answer.status === 401);
      if (mine !== asked || !fresh) return; // more was typed, or the session has ended
      shown.replaceChildren(...fresh.childNodes);
      const faults = shown.querySelectorAll(".report-problems > li").length;
      status.textContent = faults === 0 ? "Preview up to date, nothing is wrong." : `Preview up to date, ${faults} to look at.`;
    } catch {
      // Without a connection the last preview stays; saving says what is wrong.
    }
  }

  // A problem leads to its line: from here, and from the draft by the address.
  function goTo(line) {
    const text = form.elements.markdown;
    const from = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const to = text.value.indexOf("\n", from);
    text.focus();
    text.setSelectionRange(from, to < 0 ? text.value.length : to);
    text.scrollTop = text.scrollHeight * Math.max(0, (line - 4) / text.value.split("\n").length);
  }
  const line = Number(new URLSearchParams(location.search).get("line"));
  if (line > 0) goTo(line);
  shown.addEventListener("click", (event) => {
    const link = event.target.closest('a[href*="?line="]');
    if (!link) return;
    event.preventDefault();
    goTo(Number(new URL(link.href).searchParams.get("line")));
  });

  // A figure goes where the cursor was; without script it goes to the end.
  function putIn(words) {
    const text = form.elements.markdown;
    text.focus();
    text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    status.textContent = "The figure has been put in.";
  }
  const found = document.getElementById("report-found");
  found?.addEventListener("click", (event) => {
    const button = event.target.closest('button[name="put"]');
    if (!button) return;
    event.preventDefault();
    putIn(button.value);
  });

  let looking = 0;
  let looked = 0;
  async function look() {
    const mine = ++looked;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("act", "find");
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("report-found");
      if (mine !== looked || !fresh) return;
      found.replaceChildren(...fresh.childNodes);
      status.textContent = `${found.querySelectorAll("li").length} figures found.`;
    } catch {
      // The Find button says what is wrong.
    }
  }
  form.elements.q?.addEventListener("input", (event) => {
    event.stopPropagation(); // nothing of the chapter has changed
    clearTimeout(looking);
    if (form.elements.q.value.trim().length > 1) looking = setTimeout(look, 300);
  });

  form.addEventListener("input", () => {
    saved = false;
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 700);
  });
  form.addEventListener("submit", () => {
    saved = true; // or it comes back with the page, which then says so
  });
  window.addEventListener("beforeunload", (event) => {
    if (!saved) event.preventDefault();
  });
}
