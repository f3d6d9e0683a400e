// Pushes to this browser: the button asks for permission, and tells the server where they are sent. Where they are
// not possible, as in the browsers inside messengers, the page says so instead.
const box = document.querySelector("[data-push]");
if (box) {
  const show = (name) => {
    for (const part of box.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== name;
  };
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!able) show("never");
  else if (Notification.permission === "denied") show("denied");
  else show("ask");
  box.querySelector("[data-ask]")?.addEventListener("click", async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        show(Notification.permission === "denied" ? "denied" : "ask");
        return;
      }
      await navigator.serviceWorker.register("/worker.js");
      const worker = await navigator.serviceWorker.ready;
      const old = await worker.pushManager.getSubscription();
      if (old) await old.unsubscribe();
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: box.dataset.push });
      const { endpoint, keys } = made.toJSON();
      const answer = await fetch("/me/push", { method: "POST", body: new URLSearchParams({ endpoint, ...keys }), redirect: "manual" });
      if (answer.status !== 204) throw new Error(answer.status);
      location.reload();
    } catch {
      show("failed");
    } finally {
      button.disabled = false;
    }
  });
}
