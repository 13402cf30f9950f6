// Whether single letters are keys: kept in the browser and nowhere else.
const kept = "kith-slash";

export function lettersOn() {
  try {
    return localStorage.getItem(kept) !== "off";
  } catch {
    return true; // the browser keeps nothing
  }
}

export function switchLetters() {
  try {
    localStorage.setItem(kept, lettersOn() ? "off" : "on");
  } catch {
    // the browser keeps nothing: they stay on
  }
}

// typing says whether letters are being written where the focus is.
export function typing(at) {
  return at instanceof HTMLElement && (at.isContentEditable || at.matches("input, select, textarea"));
}
