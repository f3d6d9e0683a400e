// Confirms that somebody looks at a reader page, and puts the reader's own
// link wherever the page can be passed on from. Without it the page reads and
// shares all the same, as the link that it was opened by.
(() => {
  "use strict";
  const root = document.documentElement;
  const mail = /\/(email)$/.test(location.pathname);
  const channel = (location.pathname.match(/^\/s\/[^/]+\/([a-z]+)$/) || [])[1] || "";
  let nonce = root.dataset.open;
  let visible = 0, since = 0, touched = false, posted = false, asked = false, tries = 0;

  const shown = () => document.visibilityState === "visible" && !document.prerendering;
  const looked = () => visible + (since ? performance.now() - since : 0);

  function watch() {
    if (shown()) {
      if (!since) since = performance.now();
      plan();
    } else if (since) {
      visible += performance.now() - since;
      since = 0;
    }
  }

  function plan() {
    if (posted || !nonce || !since || (asked && !touched)) return;
    const wait = (mail && !touched ? 3000 : 1000) - looked();
    if (wait > 0) setTimeout(plan, wait + 20);
    else post();
  }

  function report() {
    const form = new URLSearchParams({ nonce, channel, visible: Math.round(looked()) });
    if (document.prerendering) form.set("prerendering", 1);
    if (navigator.webdriver || "callPhantom" in window || "__nightmare" in window) form.set("webdriver", 1);
    if (touched) form.set("interaction", 1);
    return form;
  }

  async function post(again) {
    posted = true;
    const token = root.dataset.token;
    try {
      const answer = await fetch("/s/" + token + "/open", {
        method: "POST", keepalive: true, credentials: "same-origin",
        body: report(),
      });
      if (answer.status === 202) { posted = false; asked = true; plan(); return; }
      if (answer.status === 409 && !again) { nonce = (await answer.json()).nonce; return post(true); } // it was too old
      if (answer.status >= 500) throw new Error(String(answer.status));
      if (!answer.ok) return;
      const said = await answer.json();
      if (said.passes) { // their own page after all
        document.querySelector("[data-ends]").hidden = true;
        document.querySelector(".share").hidden = false;
      }
      adopt(token, said.token);
    } catch {
      // Not on disk, not counted: the same nonce may be posted again.
      if (++tries < 5) setTimeout(() => { posted = false; plan(); }, 1000 * 2 ** tries);
    }
  }

  // Every way of copying or sharing carries the reader's own link from now on.
  function adopt(old, own) {
    if (!own || own === old) return;
    const swap = (text) => text.split(old).join(own);
    root.dataset.token = own;
    history.replaceState(null, "", "/s/" + own);
    const canonical = document.querySelector("link[rel=canonical]");
    const url = canonical.href.replace(/\/s\/.*$/, "/s/" + own);
    canonical.href = url;
    document.querySelector('meta[property="og:url"]').content = url;
    document.querySelectorAll('meta[content*="' + old + '"]').forEach((m) => { m.content = swap(m.content); });
    document.querySelectorAll(".share a[href], .speak a, .notice a").forEach((a) => a.setAttribute("href", swap(a.getAttribute("href"))));
    document.querySelectorAll(".speak form").forEach((f) => f.setAttribute("action", swap(f.getAttribute("action"))));
    document.querySelectorAll(".share input").forEach((i) => i.setAttribute("value", swap(i.value)));
    root.dataset.opened = "";
  }

  function tally(name) {
    fetch("/s/" + root.dataset.token + "/sent/" + name, { method: "POST", keepalive: true }).catch(() => {});
  }

  ["pointerdown", "touchstart", "keydown", "scroll"].forEach((kind) =>
    addEventListener(kind, () => { if (!touched) { touched = true; plan(); } }, { passive: true }));
  document.addEventListener("visibilitychange", watch);
  document.addEventListener("prerenderingchange", watch);
  watch();

  document.querySelectorAll("[data-copy]").forEach((button) => {
    const field = document.getElementById(button.dataset.copy), words = button.querySelector("[data-words]");
    const before = words.textContent, said = document.querySelector("[data-said]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(field.value); }
      catch {
        field.focus();
        field.select();
        if (!document.execCommand("copy")) { // the field stays selected, for a person who then does
          said.className = "";
          said.textContent = said.dataset.select;
          return;
        }
        button.focus();
      }
      words.textContent = said.textContent = button.dataset.copied;
      button.classList.add("done");
      setTimeout(() => { words.textContent = before; said.textContent = ""; button.classList.remove("done"); }, 2500);
      tally("copy");
    });
  });
  document.querySelectorAll('.share a[data-channel]:not([href^="/go/"])').forEach((a) =>
    a.addEventListener("click", () => tally(a.dataset.channel)));
  const native = document.querySelector("[data-native]");
  if (native && navigator.share) {
    native.hidden = false;
    native.addEventListener("click", () => {
      const link = document.querySelector("link[rel=canonical]").href + "/native";
      navigator.share({ text: document.title + "\n" + link }).then(() => tally("native"), (problem) => {
        if (problem.name !== "AbortError") document.querySelector("[data-copy]").click();
      });
    });
  }
})();
