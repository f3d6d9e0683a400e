// Hands a message with the person's own link to the phone's own share menu, where there is one:
// <button data-native="TOKEN" data-text="what to share" hidden>. Where it goes from there nobody tells us.
for (const button of document.querySelectorAll("button[data-native]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.share({ text: button.dataset.text });
    } catch {
      return;
    }
    fetch("/s/" + button.dataset.native + "/sent/native", { method: "POST", keepalive: true }).catch(() => {});
  });
}
