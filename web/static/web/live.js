/* Pages of a meeting that keep themselves up to date. An event says only that there is something
   new; the part of the page is then fetched as its reader may see it. */

const LOOK_MS = 10_000;
const AGAIN_MS = 30_000;

function startLive(state, part) {
  const words = state.querySelector("[data-live-words]");
  const said = document.querySelector("[data-live-said]");
  let events = null;
  let polling = null;
  let fetching = false;
  let wanted = false;

  function show(kind) {
    words.textContent = state.dataset[kind];
    state.dataset.liveState = kind;
  }

  function replace(html) {
    // Where somebody stands with the keyboard, they stay: buttons bear the same id again.
    const focused = document.activeElement?.id;
    const open = [...part.querySelectorAll("details")].map((one) => one.open);
    part.innerHTML = html;
    part.querySelectorAll("details").forEach((one, index) => {
      if (index in open) one.open = open[index];
    });
    if (focused && document.activeElement?.id !== focused) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
    const now = part.querySelector("[data-live-announce]")?.dataset.liveAnnounce ?? "";
    if (said && said.textContent !== now) said.textContent = now;
  }

  // Several changes at once are fetched once, and one that comes meanwhile is not lost.
  async function refresh() {
    wanted = true;
    if (fetching) return;
    fetching = true;
    try {
      while (wanted) {
        wanted = false;
        const answer = await fetch(part.dataset.livePart, {
          headers: { "HX-Request": "true" },
          redirect: "manual",
          cache: "no-store",
        });
        if (answer.status === 200) replace(await answer.text());
        // Signed out, or no longer allowed to see this: the whole page says so.
        else if (answer.type === "opaqueredirect" || answer.status === 404) location.reload();
      }
    } catch {
      show("liveOff");
    } finally {
      fetching = false;
    }
  }

  function look() {
    show("livePoll");
    polling ??= setInterval(refresh, LOOK_MS);
    setTimeout(connect, AGAIN_MS);
  }

  function connect() {
    events?.close();
    events = new EventSource(state.dataset.live);
    events.addEventListener("open", () => {
      clearInterval(polling);
      polling = null;
      // Whatever happened while nobody listened.
      if (state.dataset.liveState) refresh();
      show("liveOn");
    });
    events.addEventListener("changed", refresh);
    events.addEventListener("gone", () => {
      events.close();
      location.reload();
    });
    events.addEventListener("error", () => {
      // Closed for good: there is no place for this page, so it looks by itself.
      if (events.readyState === EventSource.CLOSED) look();
      else show("liveOff");
    });
  }

  connect();
  addEventListener("pagehide", () => events?.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) connect();
  });
}

document.addEventListener("DOMContentLoaded", () => {
  const state = document.querySelector("[data-live]");
  const part = document.querySelector("[data-live-part]");
  if (state && part && window.EventSource) startLive(state, part);
});
