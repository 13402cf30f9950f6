// What the browser adds to pages that already work: GOV.UK's own behaviour for
// the components in use, and a few small things of ours. A failure in one
// leaves the rest, and the page, as they were.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  SkipLink,
  Tabs,
  createAll,
} from "./govuk.js";
import { revealByRadio } from "./reveal.js";
import { focusGroups } from "./focus.js";
import { followProgress } from "./progress.js";
import { hearKeys } from "./keys.js";
import { closeMenus } from "./menus.js";
import { stackTables } from "./tables.js";
import { suggestInPickers } from "./picker.js";
import { searchByKeys } from "./search.js";
import { keepUnsent } from "./unsent.js";
import { usePasskeys } from "./passkey.js";

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
}

for (const component of [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  SkipLink,
  Tabs,
]) {
  createAll(component);
}

for (const improve of [
  revealByRadio,
  focusGroups,
  closeMenus,
  hearKeys,
  stackTables,
  suggestInPickers,
  followProgress,
  searchByKeys,
  usePasskeys,
  keepUnsent,
]) {
  try {
    improve(document);
  } catch (problem) {
    console.error(problem);
  }
}
