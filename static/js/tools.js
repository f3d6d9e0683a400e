// The toolbar above a text: it writes the marks of Markdown, also by keys. What it writes can be taken back with the
// keys that take back typing.
{
  const bar = document.querySelector("[data-toolbar]");
  const text = document.querySelector("form[data-editor]")?.elements.body;
  if (bar && text) {
    bar.hidden = false;
    const tools = [...bar.querySelectorAll("[data-tool]")];

    // write replaces what stands between two places, and chooses a part of what it wrote.
    const write = (from, to, words, start, end) => {
      text.focus();
      text.setSelectionRange(from, to);
      // The one way that leaves the browser's own undo whole.
      if (!document.execCommand("insertText", false, words)) {
        text.setRangeText(words, from, to, "end");
        text.dispatchEvent(new Event("input", { bubbles: true }));
      }
      text.setSelectionRange(from + start, from + end);
    };

    // wrap puts marks around what is chosen, or takes them away when they are there.
    const wrap = (mark, words) => {
      const { selectionStart: from, selectionEnd: to, value } = text;
      const n = mark.length;
      if (to > from && value.slice(from - n, from) === mark && value.slice(to, to + n) === mark && value[from - n - 1] !== mark[0]) {
        write(from - n, to + n, value.slice(from, to), 0, to - from);
        return;
      }
      const chosen = value.slice(from, to) || words;
      write(from, to, mark + chosen + mark, n, n + chosen.length);
    };

    // lines puts something before every line that is chosen, or takes it away when each has it.
    const lines = (before, words) => {
      const { value } = text;
      const from = value.lastIndexOf("\n", text.selectionStart - 1) + 1;
      let to = value.indexOf("\n", text.selectionEnd);
      if (to < 0) to = value.length;
      const chosen = value.slice(from, to) || words;
      const all = chosen.split("\n");
      const had = all.every((l) => l.startsWith(before));
      const now = all.map((l) => (had ? l.slice(before.length) : l === "" ? l : before + l)).join("\n");
      write(from, to, now, had ? 0 : before.length, now.length);
    };

    // block puts what is chosen between two lines of their own, with room around them.
    const block = (name, words) => {
      const { value } = text;
      const from = value.lastIndexOf("\n", text.selectionStart - 1) + 1;
      let to = value.indexOf("\n", text.selectionEnd);
      if (to < 0) to = value.length;
      const chosen = value.slice(from, to) || words;
      const gap = from > 0 && !value.slice(0, from).endsWith("\n\n") ? "\n" : "";
      const head = gap + ":::" + name + "\n";
      write(from, to, head + chosen + "\n:::\n", head.length, head.length + chosen.length);
    };

    const link = (words) => {
      const { selectionStart: from, selectionEnd: to, value } = text;
      const chosen = value.slice(from, to);
      if (/^https?:\/\/\S+$/.test(chosen)) {
        write(from, to, `[${words}](${chosen})`, 1, 1 + words.length);
        return;
      }
      const label = chosen || words;
      const start = label.length + 3;
      write(from, to, `[${label}](https://)`, chosen ? start : 1, chosen ? start + 8 : 1 + label.length);
    };

    const doing = {
      bold: (b) => wrap("**", b.getAttribute("aria-label").toLowerCase()),
      italic: (b) => wrap("*", b.getAttribute("aria-label").toLowerCase()),
      heading: (b) => lines("## ", b.dataset.words),
      list: (b) => lines("- ", b.dataset.words),
      quote: (b) => lines("> ", b.dataset.words),
      link: (b) => link(b.dataset.words),
      image: () => document.querySelector("form[data-editor]").elements.picture.click(),
      video: () => document.querySelector("form[data-editor]").elements.video.click(),
      early: (b) => block("early", b.dataset.words),
      public: (b) => block("public", b.dataset.words),
    };
    for (const b of tools) b.addEventListener("click", () => doing[b.dataset.tool](b));

    // One stop of the Tab key, and arrows within.
    const stop = (at) => tools.forEach((b, i) => (b.tabIndex = i === at ? 0 : -1));
    stop(0);
    bar.addEventListener("keydown", (e) => {
      const at = tools.indexOf(document.activeElement);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tools.length - 1 }[e.key];
      if (at < 0 || to === undefined) return;
      e.preventDefault();
      const next = (to + tools.length) % tools.length;
      stop(next);
      tools[next].focus();
    });

    const keys = new Map(tools.map((b) => [b.getAttribute("aria-keyshortcuts").replace("Control+", ""), b]));
    text.addEventListener("keydown", (e) => {
      if (!(e.ctrlKey || e.metaKey) || e.altKey || e.isComposing) return;
      const key = e.code.startsWith("Digit") ? e.code.slice(5) : e.key.toUpperCase();
      const tool = keys.get((e.shiftKey ? "Shift+" : "") + key);
      if (!tool) return;
      e.preventDefault();
      tool.click();
    });
  }
}
