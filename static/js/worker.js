// Keeps the shell of the pages, which anybody may see, and the page for when there is no network; the server writes
// what these are above this text: shell, and the edition of it. Nothing else is kept, nothing is sent later, and what
// readers are shown does not pass through here. When somebody has signed out, nothing is left.
const own = "shell-" + edition;
const offline = "/offline";
const exact = { ignoreVary: true };

const over = async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
};

self.addEventListener("install", (event) => {
  const keep = async () => {
    const kept = await caches.open(own);
    await kept.addAll(shell);
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name !== own) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

// through asks the server; an answer that says that nobody is signed in ends all this.
const through = async (event) => {
  const answer = await fetch(event.request);
  if (answer.status === 401) event.waitUntil(over());
  return answer;
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || /^\/(s|go|d)\//.test(url.pathname)) return;
  if (url.pathname.startsWith("/static/")) {
    if (shell.includes(url.pathname)) {
      event.respondWith(caches.match(url.pathname, exact).then((kept) => kept ?? fetch(request)));
    }
    return;
  }
  if (url.pathname === "/sign-out" || url.pathname === "/signin") event.waitUntil(over());
  if (request.mode !== "navigate") {
    if (request.headers.get("Accept") !== "text/event-stream") event.respondWith(through(event));
    return;
  }
  if (request.method !== "GET") return; // what cannot be sent is the browser's to say
  const visit = async () => {
    try {
      return await through(event);
    } catch {
      return (await caches.match(offline, exact)) ?? Response.error();
    }
  };
  event.respondWith(visit());
});

// A push says one thing in a line, and where it leads. The same thing twice is shown once.
self.addEventListener("push", (event) => {
  let said;
  try {
    said = event.data.json();
  } catch {
    return;
  }
  event.waitUntil(self.registration.showNotification(said.title, {
    body: said.text, tag: said.tag, lang: said.language, icon: "/icons/192.png", data: said.path,
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data));
});
