// Light or dark: as chosen, else as the system has it. A classic script, since modules run too late and would flash.
// It listens for "bms-choose-theme" (detail: light, dark or "") and tells of every change by "bms-theme".
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  let chosen = "";
  try {
    chosen = localStorage.getItem("bmsreader.theme") ?? "";
  } catch {
    // Storage is switched off in this browser: the system's theme it is.
  }
  const paint = () => {
    const theme = chosen || (system.matches ? "dark" : "light");
    if (document.documentElement.dataset.theme === theme) return;
    document.documentElement.dataset.theme = theme;
    document.dispatchEvent(new CustomEvent("bms-theme")); // charts draw on a canvas and have to be told
  };
  paint();
  system.addEventListener("change", paint);
  document.addEventListener("bms-choose-theme", (event) => {
    chosen = event.detail;
    paint();
  });
})();
