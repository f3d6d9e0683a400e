// What is typed into the form of a drop is kept on the server while it is typed, for the one who types it; nothing
// is stored in the browser. The page says when it was kept, who else has the form open, and that somebody saved.
{
  const form = document.querySelector("form[data-draft]");
  if (form) {
    const said = form.querySelector("[data-kept]");
    const company = form.querySelector("[data-company]");
    // How somebody looks at what they write is nothing that they wrote.
    const fields = () => {
      const data = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === "string" && !name.startsWith("look")) data.append(name, value);
      }
      return data;
    };

    // Browsers fill in what was typed before when one comes back: that is not what the page came with.
    const first = String(fields());
    let kept = first;
    let sending = false;
    let signedOut = false;

    const banner = (template, text) => {
      const b = document.querySelector(template).content.firstElementChild.cloneNode(true);
      if (text) b.querySelector("p").append(text);
      return b;
    };

    // tell shows what the server says of the others; the same again is not read out again.
    let told = company.textContent.trim();
    const tell = (lines) => {
      const now = lines.join("\n");
      if (now === told) return;
      told = now;
      company.replaceChildren(...lines.map((l) => banner("[data-banner]", l)));
    };

    const ended = () => {
      if (signedOut) return;
      signedOut = true;
      const b = banner("[data-signed-out]");
      b.setAttribute("role", "alert");
      b.dataset.ended = "";
      form.querySelector("[data-kept]").before(b);
      said.textContent = "";
    };

    // ask posts and returns what the server says; nothing when it could not.
    const ask = async (path, data, how = {}) => {
      const answer = await fetch(path, { method: "POST", body: data, redirect: "manual", headers: { Accept: "application/json" }, ...how });
      if (answer.type === "opaqueredirect" || answer.status === 401) {
        ended();
        return null;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      if (signedOut) {
        signedOut = false;
        form.querySelector("[data-ended]")?.remove();
      }
      return answer.json();
    };
    const hear = (got) => got && tell([...got.others, ...(got.newer ? [got.newer] : [])]);

    // keep sends what stands there, if it is not what was sent last. One at a time: what is typed meanwhile goes after.
    let wait;
    let busy;
    const keep = async () => {
      clearTimeout(wait);
      if (busy || sending) return;
      const data = fields();
      const now = String(data);
      if (now === kept) return;
      busy = new AbortController();
      try {
        const got = await ask(form.dataset.draft, data, { signal: busy.signal });
        if (got) {
          kept = now;
          said.textContent = got.kept;
          // Reloading, or coming back after a crash, brings what was typed.
          if (!location.search.includes(form.elements.once.value)) history.replaceState(history.state, "", form.dataset.take);
          hear(got);
        }
      } catch {
        if (!sending) said.textContent = said.dataset.failed;
      } finally {
        busy = null;
        if (!sending && String(fields()) !== kept) wait = setTimeout(keep, signedOut ? 5000 : 1500);
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(keep, 600);
    });

    // parting sends what was not sent yet on the way out, by whatever still takes it.
    const parting = () => {
      if (sending) return;
      const data = fields();
      if (String(data) === kept) return;
      if (!navigator.sendBeacon(form.dataset.draft, data)) {
        fetch(form.dataset.draft, { method: "POST", body: data, redirect: "manual" }).catch(() => {});
      }
    };
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") parting();
      else editing();
    });
    addEventListener("pagehide", () => {
      parting();
      if (form.dataset.editing && !sending) navigator.sendBeacon(form.dataset.editing, new URLSearchParams({ gone: "1" }));
    });
    addEventListener("pageshow", (e) => {
      if (e.persisted) sending = false;
    });

    // Saving makes a version of it: nothing is sent after that, and nothing is sent twice.
    form.addEventListener("submit", (e) => {
      if (sending && !e.submitter?.hasAttribute("formaction")) {
        e.preventDefault();
        return;
      }
      sending = true;
      clearTimeout(wait);
      busy?.abort();
      setTimeout(() => (sending = false), 10000); // the answer never came
    });

    // editing says now and then that the form is open, while somebody looks at it.
    const editing = async () => {
      if (!form.dataset.editing || document.visibilityState !== "visible" || sending) return;
      try {
        hear(await ask(form.dataset.editing, new URLSearchParams({ base: form.elements.base.value })));
      } catch {
        // The next time.
      }
    };
    editing();
    setInterval(editing, 20000);
  }
}
