// The menu of public pages opens without a script. Here Escape closes it, and whoever was in
// it is back at its button.
export function closeMenuByEscape(page) {
  const menu = page.querySelector(".site-menu");
  if (!menu) return;
  page.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || !menu.open) return;
    menu.open = false;
    if (menu.parentElement.contains(page.activeElement) || page.activeElement === page.body) {
      menu.querySelector("summary").focus();
    }
  });
}
