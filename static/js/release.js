// The form of who sees a drop when: its picture follows what is typed, and where the links of the drop lead is looked up
// once the page is there. Without this script two buttons do the same.
const form = document.getElementById("release");
let asked = 0;

// swap sends the form as it is typed and takes one part of the answer.
const swap = async (path, part) => {
  const mine = part === "[data-drawn]" ? ++asked : 0;
  try {
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok || (mine && mine !== asked)) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(part);
    const here = document.querySelector(part);
    if (made && here) here.replaceChildren(...made.children);
  } catch {
    // What stands there stays.
  }
};

let waiting;
form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => swap(form.dataset.picture, "[data-drawn]"), 350);
});
form.querySelector("[data-draw]").hidden = true;
if (document.querySelector("[data-links]")) swap(form.dataset.check, "[data-leads]");
