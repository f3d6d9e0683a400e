// The share sheet, made nicer: what is typed goes with every way at once and is kept for the next time, and
// one tap copies or opens. Without this script the form hands the message on, by a page more.
const sheet = document.querySelector("[data-sheet]");
if (sheet) {
  const { sheet: token, link, label } = sheet.dataset;
  const form = sheet.querySelector("form");
  const words = form.elements.words;
  const said = sheet.querySelector("[data-said]");
  const desk = matchMedia("(hover: hover) and (pointer: fine)").matches;

  // The message as package share puts it together: neither label nor link can be left out.
  const flat = (text) => text.toLowerCase().split(/\s+/).filter(Boolean).join(" ");
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const links = new RegExp(escaped(link) + "(?:/[a-z]+\\b)?", "g");
  const says = new RegExp("(?:^|[^\\p{L}\\p{Nd}#])" + escaped(flat(label)) + "(?![\\p{L}\\p{Nd}])", "u");
  const labels = (text) => !label || says.test(flat(text));
  const labelled = (text) => (labels(text) ? text : (text + "\n(" + label + ")").trim());
  const on = (channel) => link + "/" + channel;
  const whole = (channel) => {
    const text = words.value.trim();
    if (text.match(links)) return labelled(text).replace(links, () => on(channel));
    return (labelled(text) + "\n" + on(channel)).trim();
  };
  const bare = () => {
    const text = words.value.trim();
    const last = (text.match(links) ?? []).pop();
    return labelled(last && text.endsWith(last) ? text.slice(0, -last.length).trim() : text);
  };
  const address = (pattern, channel) => {
    const values = {
      all: whole(channel), text: bare(), link: on(channel), subject: bare().split("\n")[0],
      mail: whole(channel).replaceAll("\n", "\r\n"),
    };
    return pattern.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]));
  };

  const tally = (channel) => fetch("/s/" + token + "/sent/" + channel, { method: "POST", keepalive: true }).catch(() => {});

  // What was typed is kept.
  let kept = words.value;
  let waiting;
  const keep = () => {
    clearTimeout(waiting);
    if (words.value === kept) return;
    const now = words.value;
    fetch(sheet.dataset.words, { method: "POST", keepalive: true, body: new URLSearchParams({ words: now }) })
      .then((answer) => { if (answer.ok) kept = now; }, () => {});
  };
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });

  // Buttons that send the form become links that open the channel themselves.
  const hands = [...sheet.querySelectorAll("button[data-hand]")].map((button) => {
    const a = document.createElement("a");
    a.className = button.className;
    a.append(...button.childNodes);
    for (const [name, value] of Object.entries(button.dataset)) a.dataset[name] = value;
    if (desk && a.dataset.hand.startsWith("https:")) {
      a.target = "_blank";
      a.rel = "noopener";
    }
    a.addEventListener("click", () => {
      tally(a.dataset.channel);
      keep();
    });
    button.replaceWith(a);
    return a;
  });

  const tailLabel = sheet.querySelector(".tail [lang]");
  const tailLink = sheet.querySelector(".tail .link");
  const choices = [...sheet.querySelectorAll("[data-say]")];
  const mine = sheet.querySelector("[data-mine]");
  const refresh = () => {
    for (const a of hands) a.href = address(a.dataset.hand, a.dataset.channel);
    if (tailLabel) tailLabel.hidden = words.value.trim() !== "" && labels(words.value);
    tailLink.hidden = links.test(words.value);
    links.lastIndex = 0;
    const text = words.value.trim();
    const ready = choices.find((c) => c !== mine && c.dataset.say.trim() === text);
    if (!ready && text && mine) {
      mine.hidden = false;
      mine.dataset.say = words.value;
    }
    if (choices.length) choices[0].parentNode.hidden = choices.filter((c) => !c.hidden).length < 2;
    for (const c of choices) {
      if (c === (ready ?? mine)) c.setAttribute("aria-current", "true");
      else c.removeAttribute("aria-current");
    }
  };
  words.addEventListener("input", () => {
    refresh();
    clearTimeout(waiting);
    waiting = setTimeout(keep, 900);
  });
  for (const c of choices) {
    c.addEventListener("click", (e) => {
      e.preventDefault();
      words.value = c.dataset.say;
      refresh();
      keep();
    });
  }
  refresh();

  // say tells what was done, and takes it back after a while.
  let back;
  const say = (text, stays) => {
    said.textContent = text;
    clearTimeout(back);
    if (!stays) back = setTimeout(() => (said.textContent = ""), 6000);
  };

  // copied puts a text into the clipboard, or selects it for a person who then does.
  const copied = async (text) => {
    sheet.querySelector("[data-by-hand]")?.remove();
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      field.rows = 5;
      field.readOnly = true;
      field.dataset.byHand = "";
      field.setAttribute("aria-label", said.dataset.select);
      said.after(field);
      field.focus();
      field.select();
      if (!document.execCommand("copy")) return false;
      field.remove();
      return true;
    }
  };
  for (const button of sheet.querySelectorAll("button[data-copies]")) {
    const channel = button.dataset.copies;
    const name = button.querySelector("[data-name]")?.textContent;
    const face = button.querySelector("[data-copy-words]");
    const before = face?.textContent;
    let again;
    button.addEventListener("click", async (e) => {
      e.preventDefault();
      tally(channel);
      keep();
      if (!(await copied(whole(channel)))) {
        say(said.dataset.select, true);
        return;
      }
      say(name ? said.dataset.paste.replace("{channel}", name) : button.dataset.copied);
      if (!face) return;
      face.textContent = button.dataset.copied;
      button.classList.add("done");
      clearTimeout(again);
      again = setTimeout(() => {
        face.textContent = before;
        button.classList.remove("done");
      }, 2500);
    });
  }

  const native = sheet.querySelector("[data-native]");
  if (native && navigator.share) {
    native.hidden = false;
    native.addEventListener("click", async () => {
      try {
        // The link is in the text: with an address beside it some apps leave one of the two out.
        await navigator.share({ text: whole("native") });
      } catch (problem) {
        if (problem.name !== "AbortError") sheet.querySelector("[data-copies=copy]").click();
        return;
      }
      tally("native");
      keep();
    });
  }
}

// The note of whom one told, without going anywhere.
const told = document.querySelector("form[data-told]");
let plain = false;
told?.addEventListener("submit", async (e) => {
  const chip = e.submitter;
  if (!chip || plain) return;
  e.preventDefault();
  const body = new URLSearchParams({ [chip.name]: chip.value });
  const answer = await fetch(told.action + "?here", { method: "POST", redirect: "manual", body }).catch(() => {});
  const lost = told.querySelector("[data-lost]");
  lost.textContent = answer ? "" : lost.dataset.lost;
  if (!answer) return;
  if (answer.status !== 204) { // they are signed out, say: the next page tells
    plain = true;
    told.requestSubmit(chip);
    return;
  }
  const on = chip.name === "circle";
  chip.name = on ? "back" : "circle";
  chip.setAttribute("aria-pressed", String(on));
});
