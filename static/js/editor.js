// The form of a drop, made nicer: pictures and videos are pasted or dragged into the text, and what would come of the
// form is shown while it is written. Without this script the form has buttons for both.
const form = document.querySelector("form[data-editor]");
if (form) {
  const body = form.elements.body;

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

  // send posts what belongs to the form, and says how much of it is on its way.
  const send = (path, fields, went = () => {}) =>
    new Promise((done, failed) => {
      const data = new FormData();
      if (form.elements.once) data.set("once", form.elements.once.value);
      for (const [name, value] of Object.entries(fields)) data.set(name, value);
      const ask = new XMLHttpRequest();
      ask.open("POST", path);
      ask.setRequestHeader("Accept", "application/json");
      ask.responseType = "json";
      ask.upload.onprogress = (e) => went(e.loaded / e.total);
      ask.onload = () => (ask.response ? done(ask.response) : failed());
      ask.onerror = failed;
      ask.send(data);
    });

  // still takes a picture out of a video, a little after its beginning; null where this browser cannot play it.
  const still = (address) =>
    new Promise((done) => {
      const film = document.createElement("video");
      const end = setTimeout(() => done(null), 15000);
      film.muted = true;
      film.preload = "auto";
      film.onerror = () => done(null);
      film.onloadeddata = () => (film.currentTime = Math.min(1, (Number.isFinite(film.duration) ? film.duration : 0) / 2));
      film.onseeked = () => {
        clearTimeout(end);
        const canvas = document.createElement("canvas");
        canvas.width = film.videoWidth;
        canvas.height = film.videoHeight;
        canvas.getContext("2d").drawImage(film, 0, 0);
        canvas.toBlob(done, "image/jpeg", 0.9);
      };
      film.src = address;
    });

  // A place where files are uploaded: pictures, or videos.
  const place = (button) => {
    const all = button.closest("fieldset");
    const file = all.querySelector("input[type=file]");
    const alt = all.querySelector("[name=alt], [name=video_alt]");
    const address = all.querySelector("input[type=url]");
    const said = all.querySelector("[data-upload-said]");
    const bar = all.querySelector("progress");
    const kinds = file.accept.split(",");

    const complain = (text) => {
      const field = file.closest(".field");
      const id = file.name + "-problem";
      let problem = field.querySelector("#" + id);
      if (!problem && text) {
        problem = document.createElement("p");
        problem.id = id;
        problem.className = "problem";
        field.append(problem);
        file.setAttribute("aria-describedby", id);
      }
      if (problem) problem.textContent = text;
      field.classList.toggle("wrong", text !== "");
      file.toggleAttribute("aria-invalid", text !== "");
      if (text) file.setAttribute("aria-invalid", "true");
      said.textContent = text;
    };

    // upload sends one file, or the address of one, and puts it into the text.
    const upload = async (what, words) => {
      if (what.size > Number(button.dataset.most || Infinity)) {
        complain(button.dataset.large);
        return false;
      }
      complain("");
      said.textContent = said.dataset.busy;
      button.disabled = true;
      if (bar && what.size) bar.hidden = false;
      try {
        const got = await send(button.getAttribute("formaction"), what.size === undefined ? { [address.name]: what, [alt.name]: words } : { [alt.name]: words, [file.name]: what }, (part) => {
          if (bar) bar.value = 100 * part;
        });
        if (got.problem) {
          complain(got.problem);
          return false;
        }
        if (got.poster && got.video) {
          const picture = await still(got.video);
          if (picture) await send(got.poster, { still: picture }).catch(() => null);
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
        if (bar) bar.hidden = true;
      }
    };

    button.addEventListener("click", async (e) => {
      const what = file.files[0] ?? address?.value.trim();
      if (!what) return;
      e.preventDefault();
      if (await upload(what, alt.value)) {
        file.value = alt.value = "";
        if (address) address.value = "";
      }
    });
    return {
      // take is what is done with files that were dragged or pasted: one is asked about first.
      take: async (files) => {
        const mine = [...files].filter((f) => kinds.includes(f.type));
        if (mine.length === 1) {
          const one = new DataTransfer();
          one.items.add(mine[0]);
          file.files = one.files;
          complain("");
          alt.focus();
          alt.scrollIntoView({ block: "center" });
          return;
        }
        for (const f of mine) await upload(f, "");
      },
    };
  };
  const places = [...form.querySelectorAll("[data-upload]")].map(place);
  const take = async (files) => {
    for (const p of places) await p.take(files);
  };

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
      for (const part of ["[data-thumbs]", "[data-films]", "[data-cover]"]) {
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
    if (e.target.closest(".pictures") && !e.target.closest("[data-cover]")) return;
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
