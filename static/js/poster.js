// Pictures to share: handed to another app as a file where the device can do that, else downloaded, as
// without this script.
for (const link of document.querySelectorAll("a[data-file]")) {
  const kind = { type: "image/png" };
  if (!navigator.canShare?.({ files: [new File([""], "a.png", kind)] })) continue;
  const said = document.querySelector("[data-file-said]");
  let file;
  link.addEventListener("click", async (e) => {
    e.preventDefault();
    try {
      if (!file) {
        said.textContent = said.dataset.busy;
        const answer = await fetch(link.href);
        if (!answer.ok) throw new Error(String(answer.status));
        file = new File([await answer.blob()], link.dataset.file, kind);
      }
      await navigator.share({ files: [file] });
      said.textContent = "";
      if (link.dataset.token) fetch("/s/" + link.dataset.token + "/sent/native", { method: "POST", keepalive: true }).catch(() => {});
    } catch (problem) {
      said.textContent = "";
      if (problem.name === "AbortError") return;
      // It took so long that the tap no longer counts: the next one finds the file ready.
      if (problem.name === "NotAllowedError" && file) said.textContent = said.dataset.ready;
      else location.href = link.href;
    }
  });
}
