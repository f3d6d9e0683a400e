// Ways to write to somebody: which one was opened is told to the server, so that the page still says it when
// somebody comes back from the other program. Without this script the ways lead there all the same.
const composed = document.querySelector("[data-composed]");
for (const way of document.querySelectorAll("a[data-composer][data-tally]")) {
  way.addEventListener("click", () => {
    const link = way.closest("[data-next]").dataset.next;
    fetch(way.dataset.tally, {
      method: "POST", keepalive: true, body: new URLSearchParams({ link, channel: way.dataset.composer }),
    }).catch(() => {});
    composed.textContent = way.dataset.opened;
  });
}
