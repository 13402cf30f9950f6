// A part of the page marked data-follow="seconds" is fetched again until the
// server stops marking it so. Without this module the page has a link to look
// again; a reload does the same.
export function followProgress(page) {
  const part = page.querySelector("[data-follow][id]");
  if (!part) return;
  const wait = Math.max(1, Number(part.dataset.follow) || 2) * 1000;
  setTimeout(async () => {
    try {
      const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!reply.ok) return;
      const fresh = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById(part.id);
      if (!fresh) return location.reload();
      const said = part.querySelector("[aria-live]")?.textContent;
      part.replaceWith(page.adoptNode(fresh));
      const live = fresh.querySelector("[aria-live]");
      if (live && live.textContent === said) live.textContent = said;
    } catch {
      // the connection may come back: look again all the same
    }
    followProgress(page);
  }, wait);
}
