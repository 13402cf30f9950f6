// The keys of the one search: / opens its field from any page, arrows walk what was
// found, Escape goes back. Who uses a voice or whose fingers slip can switch / off
// (WCAG 2.1.4); that is kept in the browser and nowhere else.
import { lettersOn as slashOn, switchLetters, typing } from "./letters.js";

export function searchByKeys(page) {
  const form = page.querySelector(".desk__search");
  if (!form) return;
  const field = form.querySelector("input");
  const links = [...page.querySelectorAll(".found li a")];
  const show = () => form.toggleAttribute("data-keys", slashOn());
  show();
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = page.activeElement;
    if (event.key === "/" && slashOn() && !typing(at)) {
      event.preventDefault();
      field.focus();
      field.select();
      return;
    }
    if (!links.length || (typing(at) && at !== field)) return;
    const place = links.indexOf(at);
    if (event.key === "ArrowDown" && (at === field || place >= 0)) {
      event.preventDefault();
      links[Math.min(place + 1, links.length - 1)].focus();
    } else if (event.key === "ArrowUp" && place >= 0) {
      event.preventDefault();
      (place > 0 ? links[place - 1] : field).focus();
    } else if (event.key === "Escape" && place >= 0) {
      field.focus();
    }
  });
  const choice = page.querySelector(".found__keys button");
  if (!choice) return;
  const say = () => {
    choice.textContent = slashOn() ? "Switch / off" : "Switch / on";
    show();
  };
  choice.addEventListener("click", () => {
    switchLetters();
    say();
  });
  say();
}
