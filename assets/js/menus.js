// The menus of the frame are <details>, which open without this module. Escape closes one
// and gives the focus back; so does a press anywhere else, but for the menu of public pages,
// whose list is no part of its <details>.
export function closeMenus(page) {
  const anywhere = ".desk__me[open], .desk__menu[open], .more[open]";
  page.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && page.querySelector(`${anywhere}, .site-menu[open]`);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
  });
  page.addEventListener("click", (event) => {
    const menu = page.querySelector(anywhere);
    if (menu && !menu.contains(event.target)) menu.open = false;
  });
}
