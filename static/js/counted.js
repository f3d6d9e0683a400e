// Asks again what came of a member's link while somebody looks, and says it when that has changed. The answer
// is short, and empty as long as nothing has. Without this script the page says how it was when it came.
const counted = document.querySelector("[data-counted]");
if (counted) {
  const said = document.querySelector("[data-counted-said]");
  const often = 15000;
  const seldom = 60000; // once nothing has changed for a while
  let known = "";
  let same = 0;
  let next;
  let asking = false;

  const ask = async () => {
    clearTimeout(next);
    if (asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(counted.dataset.counted, { cache: "no-store", redirect: "manual", headers: known ? { "If-None-Match": known } : {} });
      if (answer.status === 200) {
        known = answer.headers.get("ETag") ?? "";
        same = 0;
        tell(await answer.text());
      } else if (answer.status === 304) {
        same++;
      } else if (answer.status < 500) {
        return; // signed out, or no longer theirs: the next page says so
      }
    } catch {
      // No network for a moment.
    } finally {
      asking = false;
    }
    next = setTimeout(ask, same < 40 ? often : seldom);
  };

  const tell = (part) => {
    const before = counted.firstElementChild;
    const now = new DOMParser().parseFromString(part, "text/html").body.firstElementChild;
    if (!now || before.isEqualNode(now)) return;
    counted.replaceChildren(document.adoptNode(now));
    if (said.textContent !== now.dataset.says) said.textContent = now.dataset.says;
  };

  // Whoever comes back from a messenger sees at once what came of it meanwhile.
  document.addEventListener("visibilitychange", () => {
    same = 0;
    ask();
  });
  next = setTimeout(ask, often);
}
