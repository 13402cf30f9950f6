// Passkeys. A form marked data-passkey is hidden until a browser can use it. When it is
// sent, the page's address for it gives a challenge, the browser asks its holder, and the
// answer goes into the form, which is then posted like any other.
export function usePasskeys(page) {
  const able = page.defaultView.PublicKeyCredential;
  if (!able?.parseCreationOptionsFromJSON || !able.parseRequestOptionsFromJSON) return;
  for (const form of page.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", event => {
      if (field(form, "passkey").value) return;
      event.preventDefault();
      answer(form, able).catch(problem => {
        console.error(problem);
        const words = form.querySelector("[data-passkey-problem]");
        if (!words) return;
        words.hidden = false;
        words.className = "govuk-error-message";
      });
    });
  }
  for (const instead of page.querySelectorAll("[data-passkey-instead]")) instead.hidden = true;
}

async function answer(form, able) {
  const response = await fetch(form.dataset.begin, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
  });
  if (!(response.headers.get("Content-Type") ?? "").startsWith("application/json")) {
    // The page has to be opened again: somebody has to sign in, or to say who they are.
    if (response.ok) form.ownerDocument.location.reload();
    throw new Error(`no challenge: ${response.status}`);
  }
  const { challenge, options } = await response.json();
  const passkey = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: able.parseCreationOptionsFromJSON(options) })
    : await navigator.credentials.get({ publicKey: able.parseRequestOptionsFromJSON(options) });
  field(form, "challenge").value = challenge;
  field(form, "passkey").value = JSON.stringify(passkey.toJSON());
  form.submit();
}

/** The hidden field whose name ends so: some forms put a word before it. */
const field = (form, name) => form.querySelector(`input[name$="${name}"]`);
