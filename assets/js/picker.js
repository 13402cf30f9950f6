// Pickers: a field that asks for a person suggests people as one types, and a long
// select can be searched. Both are the ARIA pattern "combobox with a list": the
// focus stays in the field and the arrow keys walk the suggestions. Without this
// module the field is plain text, which the server reads, and the select a select.
const pause = 200;
const least = 2;
const most = 10;
let made = 0;

export function suggestInPickers(page) {
  for (const part of page.querySelectorAll("[data-picker]")) people(page, part);
  for (const select of page.querySelectorAll("select[data-searched]")) search(page, select);
}

function people(page, part) {
  const input = part.querySelector("input.govuk-input");
  let asking;
  let refused = false;

  async function find(words) {
    asking?.abort();
    if (refused || words.length < least) return [];
    asking = new AbortController();
    const address = `${part.dataset.picker}?q=${encodeURIComponent(words)}`;
    const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
    refused = !answer.ok || answer.redirected; // not for this person: the field stays as it is
    return refused ? [] : (await answer.json()).map((x) => ({ ...x, text: x.words }));
  }

  combobox(page, input, find, (person) => {
    part.querySelector(".picker__offer")?.remove();
    let chosen = part.querySelector('input[type="hidden"]');
    if (!chosen) {
      chosen = page.createElement("input");
      chosen.type = "hidden";
      chosen.name = `${input.name}-chosen`;
      input.after(chosen);
    }
    chosen.value = `${person.id} ${person.text}`;
  });
}

function search(page, select) {
  const input = page.createElement("input");
  const label = page.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  input.className = "govuk-input";
  input.type = "text";
  input.autocomplete = "off";
  input.value = select.value ? select.selectedOptions[0].text : "";
  for (const name of ["id", "aria-describedby"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  select.removeAttribute("id");
  select.hidden = true;
  const part = page.createElement("div");
  part.className = "picker";
  select.before(part);
  part.append(input);
  if (label) label.htmlFor = input.id;

  const options = [...select.options].filter((o) => o.value && !o.disabled);
  const find = (words) => {
    const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = options.filter((o) => parts.every((p) => o.text.toLowerCase().includes(p)));
    return fits.slice(0, most).map((o) => ({ id: o.value, text: o.text }));
  };
  combobox(page, input, find, (choice) => {
    select.value = choice.id;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // What is typed and not chosen would be lost unseen: the field says what is chosen.
  input.addEventListener("blur", () => {
    if (input.value.trim() === "") select.value = "";
    input.value = select.value ? select.selectedOptions[0].text : "";
  });
}

// combobox suggests in an input what find gives for its words, and tells choose.
function combobox(page, input, find, choose) {
  const id = `suggestions-${++made}`;
  const list = page.createElement("ul");
  list.id = id;
  list.className = "picker__list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  const status = page.createElement("div");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  input.after(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", id);
  input.setAttribute("aria-expanded", "false");

  let shown = [];
  let at = -1;
  let waiting;

  function close() {
    clearTimeout(waiting);
    shown = [];
    at = -1;
    list.hidden = true;
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(to) {
    at = (to + shown.length) % shown.length;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function take(choice) {
    input.value = choice.text;
    close();
    status.textContent = `${choice.text} is chosen`;
    choose(choice);
  }

  async function suggest() {
    const words = input.value.trim();
    let found;
    try {
      found = words ? await find(words) : [];
    } catch {
      return; // more was typed, or the connection is gone: the field still works
    }
    if (words !== input.value.trim() || page.activeElement !== input) return;
    close();
    shown = found;
    list.append(...found.map((choice, i) => option(page, `${id}-${i}`, choice, () => take(choice))));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    if (words.length < least) status.textContent = "";
    else if (found.length === 0) status.textContent = "No suggestions";
    else status.textContent = `${found.length} ${found.length === 1 ? "suggestion" : "suggestions"}. Use the arrow keys`;
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, pause);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (shown.length === 0 || event.isComposing) return;
    if (event.key === "ArrowDown") point(at + 1);
    else if (event.key === "ArrowUp") point(at < 0 ? -1 : at - 1);
    else if (event.key === "Enter" && at >= 0) take(shown[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}

function option(page, id, choice, take) {
  const item = page.createElement("li");
  item.id = id;
  item.className = "picker__option";
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.append(choice.text);
  if (choice.more) {
    const more = page.createElement("span");
    more.className = "picker__more";
    more.textContent = choice.more;
    item.append(" ", more);
  }
  item.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the field
  item.addEventListener("click", take);
  return item;
}
