// Builds the stylesheet, fonts, icon and modules into internal/kit/ui/dist.
// The same sources make the same bytes: nothing here reads a clock or a random
// number, and what an earlier build left behind is removed first.
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "node_modules");
const dist = path.join(here, "../internal/kit/ui/dist");

const fonts = {
  "text.woff2": "atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  "text-ext.woff2": "atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
  "text-italic.woff2": "atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-wght-italic.woff2",
  "display.woff2": "bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2",
  "display-ext.woff2": "bricolage-grotesque/files/bricolage-grotesque-latin-ext-wght-normal.woff2",
};

const licences = {
  "atkinson-hyperlegible-next.txt": "@fontsource-variable/atkinson-hyperlegible-next/LICENSE",
  "bricolage-grotesque.txt": "@fontsource-variable/bricolage-grotesque/LICENSE",
};

async function clean() {
  await mkdir(dist, { recursive: true });
  for (const name of await readdir(dist)) {
    if (name !== ".gitkeep") await rm(path.join(dist, name), { recursive: true });
  }
}

async function styles() {
  const { css } = sass.compile(path.join(here, "scss/app.scss"), {
    style: "compressed",
    loadPaths: [modules],
    quietDeps: true,
    charset: false,
  });
  if (/GDS Transport/i.test(css)) throw new Error("app.css names GDS Transport, which is reserved to GOV.UK");
  return css + "\n";
}

async function scripts() {
  for (const name of (await readdir(path.join(here, "js"))).sort()) {
    await cp(path.join(here, "js", name), path.join(dist, name));
  }
  const govuk = await readFile(path.join(modules, "govuk-frontend/dist/govuk/govuk-frontend.min.js"), "utf8");
  await writeFile(path.join(dist, "govuk.js"), govuk.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

async function files() {
  await mkdir(path.join(dist, "fonts"));
  for (const [name, from] of Object.entries(fonts)) {
    await cp(path.join(modules, "@fontsource-variable", from), path.join(dist, "fonts", name));
  }
  await mkdir(path.join(dist, "licences"));
  for (const [name, from] of Object.entries(licences)) {
    await cp(path.join(modules, from), path.join(dist, "licences", name));
  }
  await cp(path.join(here, "icon.svg"), path.join(dist, "icon.svg"));
}

const css = await styles(); // first: what does not build leaves what was there
await clean();
await writeFile(path.join(dist, "app.css"), css);
await scripts();
await files();
console.log(`assets built into ${path.relative(process.cwd(), dist) || "."}`);
