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

  // complainOf says at the field of a file what is wrong with it; nothing, once it is put right.
  const complainOf = (file, said, text) => {
    const field = file.closest(".field");
    const id = file.name + "-problem";
    let problem = document.getElementById(id);
    if (!problem && text) {
      problem = document.createElement("p");
      problem.id = id;
      problem.className = "problem";
      field.append(problem);
      file.setAttribute("aria-describedby", [id, file.getAttribute("aria-describedby") ?? ""].join(" ").trim());
    }
    if (problem) problem.textContent = text;
    field.classList.toggle("wrong", text !== "");
    file.toggleAttribute("aria-invalid", text !== "");
    if (text) file.setAttribute("aria-invalid", "true");
    said.textContent = text;
  };

  // A place where files are uploaded: pictures, or videos.
  const place = (button) => {
    const all = button.closest("fieldset");
    const file = all.querySelector("input[type=file]");
    const alt = all.querySelector("[name=alt], [name=video_alt]");
    const address = all.querySelector("input[type=url]");
    const said = all.querySelector("[data-upload-said]");
    const bar = all.querySelector("progress");
    const kinds = file.accept.split(",");

    const complain = (text) => complainOf(file, said, text);

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
    for (const b of form.querySelectorAll("[data-poster]")) b.hidden = true; // choosing is enough
  };

  // become makes a part of the page what another says, and leaves as it was what both say: a page in a frame stays where
  // it was scrolled to, and whoever is in a field stays there.
  const become = (had, got) => {
    if (had.nodeName !== got.nodeName || had.nodeType !== Node.ELEMENT_NODE) {
      if (!had.isEqualNode(got)) had.replaceWith(got);
      return;
    }
    if (had.nodeName === "IFRAME") {
      reframe(had, got.getAttribute("srcdoc"));
      return;
    }
    if (had.isEqualNode(got)) return;
    for (const { name } of [...had.attributes]) {
      if (!got.hasAttribute(name) && name !== "open") had.removeAttribute(name);
    }
    for (const { name, value } of [...got.attributes]) {
      if (had.getAttribute(name) !== value) had.setAttribute(name, value);
    }
    const old = [...had.childNodes];
    const now = [...got.childNodes];
    now.forEach((n, i) => (i < old.length ? become(old[i], n) : had.append(n)));
    old.slice(now.length).forEach((n) => n.remove());
  };
  const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
  const reframe = (frame, page) => {
    const shown = frame.contentDocument?.querySelector("body.reader")?.ownerDocument;
    if (shown) become(shown.documentElement, parsed(page).documentElement);
    else frame.setAttribute("srcdoc", page);
  };

  // look asks for what would come of the form, and shows it in the place of what was there: the view beside it, and the
  // pictures and videos that the drop has.
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
      const page = parsed(await answer.text());
      for (const part of ["#look", "[data-thumbs]", "[data-films]", "[data-cover]"]) {
        const here = document.querySelector(part);
        const there = page.querySelector(part);
        if (here && there) become(here, there);
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
      look(button.getAttribute("formaction")).finally(() => button.removeAttribute("aria-busy"));
    }
  });

  // Subtitles of a video are sent from where the form stands.
  form.addEventListener("click", async (e) => {
    const button = e.target.closest("[data-subtitles]");
    const place = button?.closest("details");
    const file = place?.querySelector("input[type=file]");
    if (!file?.files[0]) return;
    e.preventDefault();
    const language = place.querySelector("select");
    const said = place.closest("fieldset").querySelector("[data-upload-said]");
    button.disabled = true;
    try {
      const got = await send(button.getAttribute("formaction"), { [language.name]: language.value, [file.name]: file.files[0] });
      complainOf(file, said, got.problem ?? "");
      if (got.problem) return;
      file.value = "";
      await look();
      said.textContent = button.dataset.done;
    } catch {
      complainOf(file, said, said.dataset.failed);
    } finally {
      button.disabled = false;
    }
  });

  // What stands in the place of a video is shown as soon as it is chosen.
  form.addEventListener("change", async (e) => {
    const choice = e.target.closest("[data-films] select[name^=poster_]");
    if (!choice) return;
    const button = choice.closest("li").querySelector("[data-poster]");
    const said = choice.closest("fieldset").querySelector("[data-upload-said]");
    try {
      const got = await send(button.getAttribute("formaction"), { [choice.name]: choice.value });
      said.textContent = got.problem ?? said.dataset.shown;
      await look();
    } catch {
      said.textContent = said.dataset.failed;
    }
  });
  inserting();
}
