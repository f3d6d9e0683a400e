// A code that is held up to be scanned: it may fill the whole screen, and the screen stays awake meanwhile.
const code = document.querySelector("[data-code]");
const whole = document.querySelector("[data-whole]");
const awake = () => navigator.wakeLock?.request("screen").catch(() => {});
awake();
document.addEventListener("visibilitychange", () => { if (!document.hidden) awake(); });
if (whole && document.fullscreenEnabled) {
  whole.hidden = false;
  whole.addEventListener("click", () => code.requestFullscreen().catch(() => {}));
  code.addEventListener("click", () => { if (document.fullscreenElement) document.exitFullscreen(); });
}
const paper = document.querySelector("[data-print]");
if (paper) {
  paper.hidden = false;
  paper.addEventListener("click", () => print());
}
