// Pickers: a field that asks for a person or an organisation suggests those that fit as
// one types, and a long select can be searched. Both are the ARIA pattern "combobox with a list": the
// focus stays in the field and the arrow keys walk the suggestions. Without this
// module the field is plain text, which the server reads, and the select a select.
const pause = 200;
const least = 2;
const most = 10;
let made = 0;

export function suggestInPickers(page) {
  for (const part of page.querySelectorAll("[data-picker]")) record(page, part);
  for (const select of page.querySelectorAll("select[data-searched]")) search(page, select);
}

// record picks one record, or several, of those that the server finds.
function record(page, part) {
  const input = part.querySelector("input.govuk-input");
  const several = part.dataset.several;
  const chips = several ? chipsOf(page, part, input) : null;
  let asking;
  let refused = false;
  part.querySelector(".picker__look")?.remove();

  async function find(words) {
    asking?.abort();
    if (refused || words.length < least) return [];
    asking = new AbortController();
    const address = `${part.dataset.picker}&q=${encodeURIComponent(words)}`;
    const answer = await fetch(address, { signal: asking.signal, headers: { Accept: "application/json" } });
    refused = !answer.ok || answer.redirected; // not for this person: the field stays as it is
    if (refused) return [];
    const found = await answer.json();
    const rows = found.rows.map((x) => ({ ...x, text: x.words })).filter((x) => !chips?.has(x.id));
    if (found.more) rows.note = "There are more: type more of the name";
    if (found.add) rows.push({ text: part.dataset.addWords, more: "Opens in a new tab", add: found.add });
    return rows;
  }

  combobox(page, input, find, (choice) => {
    part.querySelector(".picker__offer")?.remove();
    part.querySelector(".picker__found")?.remove();
    part.querySelector(".picker__kept")?.remove();
    if (several) {
      input.value = "";
      chips.add(choice);
      return;
    }
    let chosen = part.querySelector('input[type="hidden"]');
    if (!chosen) {
      chosen = page.createElement("input");
      chosen.type = "hidden";
      chosen.name = `${input.name}-chosen`;
      part.append(chosen);
    }
    chosen.value = `${choice.id} ${choice.text}`;
  });
}

// chipsOf shows those chosen as chips, each with a button that takes it away.
function chipsOf(page, part, input) {
  const list = page.createElement("ul");
  list.className = "picker__chips";
  const status = page.createElement("div");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  const named = (value) => value.slice(value.indexOf(" ") + 1);

  function put(value) {
    const item = page.createElement("li");
    const kept = page.createElement("input");
    kept.type = "hidden";
    kept.name = part.dataset.several;
    kept.value = value;
    const away = page.createElement("button");
    away.type = "button";
    away.className = "picker__away";
    away.setAttribute("aria-label", `Take away ${named(value)}`);
    away.textContent = "×";
    away.addEventListener("click", () => {
      item.remove();
      status.textContent = `${named(value)} is taken away`;
      input.focus();
    });
    item.append(named(value), kept, away);
    list.append(item);
  }

  const before = part.querySelector(".picker__picked");
  for (const box of before?.querySelectorAll("input") ?? []) if (box.checked) put(box.value);
  before?.remove();
  part.querySelector(".picker__field").before(list, status);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && input.value === "") list.lastElementChild?.querySelector("button").focus();
  });
  return {
    has: (id) => [...list.querySelectorAll("input")].some((x) => x.value.startsWith(`${id} `)),
    add: (choice) => put(`${choice.id} ${choice.text}`),
  };
}

function search(page, select) {
  const input = page.createElement("input");
  const label = page.querySelector(`label[for="${CSS.escape(select.id)}"]`);
  input.className = "govuk-input";
  input.type = "text";
  input.autocomplete = "off";
  input.value = select.value ? select.selectedOptions[0].text : "";
  input.placeholder = select.options[0]?.value === "" ? select.options[0].text : "";
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

  const options = [...select.options].filter((o) => o.value && !o.disabled).map((o) => ({ o, plain: plain(o.text) }));
  const find = (words) => {
    const parts = plain(words).split(" ").filter(Boolean);
    const fits = options.filter((x) => parts.every((p) => x.plain.includes(` ${p}`)));
    const rows = fits.slice(0, most).map((x) => ({ id: x.o.value, text: x.o.text }));
    if (fits.length > most) rows.note = "There are more: type more of the name";
    return rows;
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

// plain is a text as it is looked in: without accents, apostrophes and capitals, a space
// before each word.
function plain(text) {
  const letters = text.normalize("NFD").replace(/[\u0300-\u036f'’‘ʼ`]/g, "").toLowerCase();
  return ` ${letters.split(/[^\p{L}\p{N}]+/u).filter(Boolean).join(" ")}`;
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
  const note = page.createElement("p");
  note.className = "picker__note";
  note.setAttribute("aria-hidden", "true"); // the status says it
  input.after(list, note, status);
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
    note.textContent = "";
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
    close();
    if (choice.add) {
      page.defaultView.open(choice.add, "_blank", "noopener");
      return;
    }
    input.value = choice.text;
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
    list.append(...found.map((choice, i) => option(page, `${id}-${i}`, choice, words, () => take(choice))));
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    const fit = found.filter((x) => !x.add).length;
    note.textContent = fit === 0 && words.length >= least ? `Nothing here fits “${words}”` : (found.note ?? "");
    if (words.length < least) status.textContent = "";
    else if (fit === 0) status.textContent = note.textContent;
    else status.textContent = `${fit} ${fit === 1 ? "suggestion" : "suggestions"}. Use the arrow keys. ${note.textContent}`;
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, pause);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (shown.length === 0 || event.isComposing) return;
    if (event.key === "ArrowDown") point(at + 1);
    else if (event.key === "ArrowUp") point(at < 0 ? shown.length - 1 : at - 1);
    else if (event.key === "Enter" && at >= 0) take(shown[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}

function option(page, id, choice, words, take) {
  const item = page.createElement("li");
  item.id = id;
  item.className = "picker__option";
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  if (choice.add) item.classList.add("picker__option--add");
  item.append(...(choice.add ? [choice.text] : marked(page, choice.name || choice.text, words)));
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

// marked writes a text with what was typed of each word underlined.
function marked(page, text, words) {
  const parts = plain(words).split(" ").filter(Boolean);
  return text.split(/(\s+|-)/).flatMap((word) => {
    const part = parts.find((p) => plain(word).slice(1).startsWith(p));
    if (!part || part.length > word.length) return [word];
    const mark = page.createElement("mark");
    mark.textContent = word.slice(0, part.length);
    return [mark, word.slice(part.length)];
  });
}
