// Keeps the page for when there is no network. It holds the files of one build and nothing else: no delivery, no answer.

declare const FILES: readonly string[];
declare const VERSION: string;

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Scope extends EventTarget {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

const scope = self as unknown as Scope;
const PREFIX = "hookwarden-page-";
const CACHE = PREFIX + VERSION;
const addresses = new Set(FILES.map((file) => new URL(file, scope.registration.scope).href));

scope.addEventListener("install", (event) => {
  const kept = caches.open(CACHE).then((cache) => cache.addAll([...addresses]));
  (event as ExtendableEvent).waitUntil(kept.then(() => scope.skipWaiting()));
});

scope.addEventListener("activate", (event) => {
  const cleared = caches
    .keys()
    .then((names) =>
      Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name))),
    );
  (event as ExtendableEvent).waitUntil(cleared.then(() => scope.clients.claim()));
});

scope.addEventListener("fetch", (given) => {
  const event = given as FetchEvent;
  const { method, url } = event.request;
  const address = url.replace(/[?#].*$/, "");
  if (method !== "GET" || !addresses.has(address)) return;
  const isView = !address.startsWith(`${scope.registration.scope}assets/`);
  // Views come from the network first, so that a new build is seen; the other files have their content in their names.
  event.respondWith(isView ? fetch(event.request).then(known, () => kept(address)) : kept(address));

  async function known(response: Response): Promise<Response> {
    return response.ok ? response : ((await caches.match(address)) ?? response);
  }
});

async function kept(address: string): Promise<Response> {
  return (await caches.match(address)) ?? fetch(address);
}
