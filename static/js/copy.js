// Copy buttons: <button data-copy="ID of a field" data-copied="Copied">. The words change for a moment,
// and a status line says it to those who cannot see it. Without this script the field can still be
// selected and copied by hand; the buttons stay hidden until it runs.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const words = button.querySelector("[data-copy-words]") ?? button;
  const status = document.getElementById(button.dataset.copy + "-status");
  const before = words.textContent;
  let back;
  if (!field) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.focus();
      field.select();
      if (!document.execCommand("copy")) { // it stays selected, for a person who then does
        if (status) {
          status.className = "hint";
          status.textContent = status.dataset.select;
        }
        return;
      }
      button.focus();
    }
    words.textContent = button.dataset.copied;
    button.classList.add("done");
    if (status) status.textContent = button.dataset.copied;
    clearTimeout(back);
    back = setTimeout(() => {
      words.textContent = before;
      button.classList.remove("done");
      if (status) status.textContent = "";
    }, 2500);
  });
}
for (const field of document.querySelectorAll("[data-select]")) {
  field.addEventListener("focus", () => field.select());
}
