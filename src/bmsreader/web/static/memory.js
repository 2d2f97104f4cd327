// What this browser remembers: theme, language, how the overview is shown. Nothing breaks when storage is switched off.

const PREFIX = "bmsreader.";

export function remembered(name, otherwise = "") {
  try {
    return localStorage.getItem(PREFIX + name) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(name, value) {
  try {
    if (value) localStorage.setItem(PREFIX + name, value);
    else localStorage.removeItem(PREFIX + name);
  } catch {
    // Private windows of some browsers refuse: the choice then lasts as long as the page.
  }
}
