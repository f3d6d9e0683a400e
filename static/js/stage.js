// Runs a demo's stage: each friend of the visitor's is another person, whose page opens in the reader's
// frame; the other two frames are loaded again when there is something new to see in them.
(() => {
  "use strict";
  const frames = document.querySelector("[data-stage]");
  const friend = document.querySelector("[data-friend]"), passOn = document.querySelector("[data-pass-on]");
  const says = document.querySelector("[data-stage-says]"), lift = document.querySelector("[data-lifts]");
  const frame = (name) => document.querySelector(`iframe[name=${name}]`);
  let number = Number(friend.getAttribute("href").match(/(\d+)\/s\//)[1]);
  let state = frames.dataset.state;

  // The address that the reader's page was given, once it has confirmed its open.
  function own() {
    try {
      const path = frame("reader").contentWindow.location.pathname;
      return path.startsWith("/s/") ? path : "";
    } catch { return ""; }
  }

  function open(link) {
    frame("reader").src = friend.dataset.base + number++ + link;
    frames.dataset.opened = "";
    passOn.disabled = true;
  }

  friend.addEventListener("click", (e) => { e.preventDefault(); open(friend.dataset.link); });
  passOn.hidden = false;
  passOn.addEventListener("click", () => { const link = own(); if (link) open(link); });

  // Nobody's half-typed words are taken away.
  function typing(doc) {
    return ["INPUT", "TEXTAREA", "SELECT"].includes(doc.activeElement?.tagName) ||
      [...doc.querySelectorAll("input[type=text], textarea")].some((f) => f.value !== f.defaultValue);
  }

  function again(name) {
    try {
      const win = frame(name).contentWindow;
      if (!typing(win.document)) win.location.reload();
    } catch { /* it is being loaded */ }
  }

  async function look() {
    passOn.disabled = !own();
    if (document.visibilityState !== "visible") return;
    try {
      const now = await (await fetch(frames.dataset.stage)).json();
      says.textContent = now.says;
      if (now.state !== state) {
        state = now.state;
        again("phone");
        again("desk");
      }
    } catch { /* the next second, then */ }
  }
  setInterval(look, 1000);

  const ends = performance.now() + 1000 * Number(lift.dataset.lifts), clock = lift.querySelector("[data-clock]");
  const ticking = clock && setInterval(() => {
    const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    clock.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
    if (left === 0) { lift.textContent = lift.dataset.lifted; lift.classList.add("open"); clearInterval(ticking); }
  }, 500);
})();
