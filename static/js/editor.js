// The form of a drop, made nicer: pictures are pasted or dragged into the text, and what would come of the
// form is shown while it is written. Without this script the form has buttons for both.
const form = document.querySelector("form[data-editor]");
if (form) {
  const body = form.elements.body;
  const file = form.elements.picture;
  const alt = form.elements.alt;
  const button = form.querySelector("[data-upload]");
  const said = form.querySelector("[data-upload-said]");
  const kinds = file.accept.split(",");

  // insert puts words where the cursor is, or at the end if it never was in the text, in a paragraph of their own.
  let entered = false;
  body.addEventListener("focus", () => (entered = true), { once: true });
  const insert = (text) => {
    if (!entered) body.setSelectionRange(body.value.length, body.value.length);
    entered = true;
    const before = body.value.slice(0, body.selectionEnd);
    const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    body.setRangeText(gap + text + "\n\n", body.selectionEnd, body.selectionEnd, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const complain = (text) => {
    const field = file.closest(".field");
    let problem = field.querySelector("#picture-problem");
    if (!problem && text) {
      problem = document.createElement("p");
      problem.id = "picture-problem";
      problem.className = "problem";
      field.append(problem);
      file.setAttribute("aria-describedby", problem.id);
    }
    if (problem) problem.textContent = text;
    field.classList.toggle("wrong", text !== "");
    file.toggleAttribute("aria-invalid", text !== "");
    if (text) file.setAttribute("aria-invalid", "true");
    said.textContent = text;
  };

  // upload sends one picture and puts it into the text.
  const upload = async (picture, words) => {
    const data = new FormData();
    if (form.elements.once) data.set("once", form.elements.once.value);
    data.set("alt", words);
    data.set("picture", picture);
    complain("");
    said.textContent = said.dataset.busy;
    button.disabled = true;
    try {
      const answer = await fetch(form.dataset.pictures, { method: "POST", body: data, headers: { Accept: "application/json" } });
      const got = await answer.json();
      if (got.problem) {
        complain(got.problem);
        return false;
      }
      insert(got.text);
      said.textContent = said.dataset.done;
      await look();
      return true;
    } catch {
      complain(said.dataset.failed);
      return false;
    } finally {
      button.disabled = false;
    }
  };

  // take is what is done with pictures that were dragged or pasted: one is asked about first.
  const take = async (files) => {
    const pictures = [...files].filter((f) => kinds.includes(f.type));
    if (pictures.length === 1) {
      const one = new DataTransfer();
      one.items.add(pictures[0]);
      file.files = one.files;
      complain("");
      alt.focus();
      alt.scrollIntoView({ block: "center" });
      return;
    }
    for (const p of pictures) await upload(p, "");
  };

  button.addEventListener("click", async (e) => {
    if (!file.files.length) return;
    e.preventDefault();
    if (await upload(file.files[0], alt.value)) {
      file.value = alt.value = "";
    }
  });
  body.addEventListener("paste", (e) => {
    if (e.clipboardData.files.length) {
      e.preventDefault();
      take(e.clipboardData.files);
    }
  });
  const carries = (e) => [...(e.dataTransfer?.types ?? [])].includes("Files");
  form.addEventListener("dragover", (e) => {
    if (carries(e)) {
      e.preventDefault();
      form.classList.add("dropping");
    }
  });
  form.addEventListener("dragleave", (e) => {
    if (!form.contains(e.relatedTarget)) form.classList.remove("dropping");
  });
  form.addEventListener("drop", (e) => {
    form.classList.remove("dropping");
    if (carries(e)) {
      e.preventDefault();
      take(e.dataTransfer.files);
    }
  });

  const inserting = () => {
    for (const b of form.querySelectorAll("[data-insert]")) {
      b.hidden = false;
      b.onclick = () => insert(b.dataset.insert);
    }
  };

  // look asks for what would come of the form, and shows it in the place of what was there: the view below,
  // and the pictures that the drop has.
  let asked;
  const look = async (path = form.dataset.editor) => {
    asked?.abort();
    asked = new AbortController();
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") data.append(name, value);
    }
    try {
      const answer = await fetch(path, { method: "POST", body: data, signal: asked.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const had = document.getElementById("look");
      const got = page.getElementById("look");
      if (had && got) {
        const open = [...had.querySelectorAll("details")].map((d) => d.open);
        got.querySelectorAll("details").forEach((d, i) => (d.open = open[i] ?? false));
        had.replaceWith(got);
      }
      for (const part of ["[data-thumbs]", "[data-cover]"]) {
        const here = form.querySelector(part);
        const there = page.querySelector(part);
        if (here && there && !here.contains(document.activeElement)) here.replaceWith(there);
      }
      inserting();
    } catch {
      // The next change asks again.
    }
  };
  let wait;
  form.addEventListener("input", (e) => {
    if (e.target === file || e.target === alt) return;
    clearTimeout(wait);
    wait = setTimeout(look, 700);
  });
  document.addEventListener("click", (e) => {
    const button = e.target.closest("[data-look]");
    if (button) {
      e.preventDefault();
      button.setAttribute("aria-busy", "true");
      look(button.getAttribute("formaction"));
    }
  });
  inserting();
}
