// The workspace's keys: g and a letter goes to a room, c adds something, ? says them all,
// Control and Enter presses the filled button of the form one types in. The search has its
// own (search.js). Whoever speaks to the computer, or whose fingers slip, can switch the
// single letters off in their account (WCAG 2.1.4); the browser keeps that, nobody else.
import { lettersOn, switchLetters, typing } from "./letters.js";

const pause = 1500;

export function hearKeys(page) {
  if (!page.querySelector(".desk__nav")) return;
  let began = 0;
  page.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return press(page, event);
    if (event.ctrlKey || event.metaKey || event.altKey || typing(page.activeElement) || !lettersOn()) return;
    const after = Date.now() - began < pause;
    began = 0;
    const room = after && page.querySelector(`.desk__nav a[data-key="${CSS.escape(event.key)}"]`);
    if (room) room.click();
    else if (event.key === "g") began = Date.now();
    else if (event.key === "c") page.querySelector('.page-head a.govuk-button:not(.govuk-button--secondary)[href$="/new"]')?.click();
    else if (event.key === "?") help(page);
    else return;
    event.preventDefault();
  });
  offerSwitch(page);
}

function press(page, event) {
  const form = page.activeElement?.closest("main form");
  const filled = form?.querySelector("button.govuk-button:not(.govuk-button--secondary)");
  if (!filled) return;
  event.preventDefault();
  filled.click();
}

function help(page) {
  let box = page.querySelector(".keys");
  if (!box) {
    box = page.createElement("dialog");
    box.className = "keys";
    box.setAttribute("aria-labelledby", "keys-title");
    const title = page.createElement("h2");
    title.id = "keys-title";
    title.textContent = "Keys";
    const list = page.createElement("dl");
    const say = (keys, words) => {
      const row = page.createElement("div");
      const dt = page.createElement("dt");
      for (const key of keys) {
        const kbd = page.createElement("kbd");
        kbd.textContent = key;
        dt.append(kbd, " ");
      }
      const dd = page.createElement("dd");
      dd.textContent = words;
      row.append(dt, dd);
      list.append(row);
    };
    say(["/"], "Search");
    for (const a of page.querySelectorAll(".desk__nav a[data-key]")) say(["g", a.dataset.key], a.firstChild.textContent.trim());
    say(["c"], "Add, where the page has it");
    say(["Ctrl", "Enter"], "Press the filled button of a form");
    say(["Esc"], "Close a menu or this list");
    say(["?"], "This list");
    const off = page.createElement("p");
    off.textContent = "Single keys can be switched off in your account.";
    const close = page.createElement("button");
    close.type = "button";
    close.className = "govuk-button govuk-button--secondary";
    close.textContent = "Close";
    close.addEventListener("click", () => box.close());
    box.append(title, list, off, close);
    page.querySelector("main").append(box);
  }
  box.showModal();
}

function offerSwitch(page) {
  const part = page.querySelector(".keys-switch");
  const button = part?.querySelector("button");
  if (!button) return;
  part.hidden = false;
  const say = () => { button.textContent = lettersOn() ? "Switch single keys off" : "Switch single keys on"; };
  button.addEventListener("click", () => { switchLetters(); say(); });
  say();
}
