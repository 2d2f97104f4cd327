// Asks for the session and the batteries while the modules are still being loaded: the first look comes so much sooner.
// A classic script; api.js takes the answers from `bmsEarly`, each once.
(() => {
  const json = (response) => (response.ok ? response.json() : null);
  const ask = (path) => fetch(path, { cache: "no-store" }).then(json, () => null);
  const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const session = ask("api/v1/session");
  const batteries = session.then((told) => (told && (!told.required || told.logged_in) ? ask(`api/v1/batteries?tz=${zone}`) : null));
  globalThis.bmsEarly = { "api/v1/session": session, "api/v1/batteries": batteries };
})();
