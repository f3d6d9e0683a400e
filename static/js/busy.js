// A form that was sent is under way: its button says so, and a second press changes nothing. Without this
// script the browser's own sign has to do.
addEventListener("submit", (e) => {
  const button = e.submitter;
  if (e.defaultPrevented || !button || e.target.method !== "post") return;
  if (button.ariaBusy === "true") {
    e.preventDefault();
    return;
  }
  button.ariaBusy = "true";
  setTimeout(() => { button.ariaBusy = null; }, 10000); // what was sent may be a file to keep, and the page stays
});
// Whoever comes back finds it as it was.
addEventListener("pageshow", () => document.querySelectorAll("[aria-busy]").forEach((b) => { b.ariaBusy = null; }));
