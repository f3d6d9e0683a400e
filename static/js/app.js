// Signed-in pages have their shell kept by the browser, so that they open at once, and a page for when there is no
// network. Where that is missing, as in the browsers inside some messengers, everything works all the same.
if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/worker.js").catch(() => {}));
}
