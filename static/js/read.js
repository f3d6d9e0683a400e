// A drop that a member looks at for a second is noted as read; "what the brand sees about me" says so.
{
  const read = document.querySelector("[data-reads]");
  let soon;
  const look = () => {
    clearTimeout(soon);
    if (!document.hidden) soon = setTimeout(() => navigator.sendBeacon(read.dataset.reads), 1000);
  };
  if (read) {
    document.addEventListener("visibilitychange", look);
    look();
  }
}
