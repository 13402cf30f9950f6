// On a narrow screen the workspace's navigation slides sideways: begin with
// where we are.
export function keepCurrentInView(page) {
  const nav = page.querySelector(".desk__nav");
  const current = nav?.querySelector("[aria-current]");
  if (!current || nav.scrollWidth <= nav.clientWidth) return;
  nav.scrollLeft = current.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2;
}
