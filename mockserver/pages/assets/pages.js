// What the pages do better with a script than without: new calls by themselves, forms without loading the page, copying.
"use strict";

const by = (id) => document.getElementById(id);
const MOST_ROWS = 100;

// Calls as they come -------------------------------------------------------------------------------------------------

function follow(list) {
  let source = null, after = list.dataset.after, paused = false, late = 0;
  let waiting = [], came = 0, shown = 0, pointed = 0;
  const panels = {};

  const state = (text) => { if (by("state").textContent !== text) by("state").textContent = text; };
  const reading = () => Date.now() - pointed < 3000 || list.contains(document.activeElement);  // rows stay under the hand

  function open() {
    close();
    const where = new URL(list.dataset.stream, location.href);
    where.searchParams.set("after", after);
    source = new EventSource(where);
    source.onopen = () => { clearTimeout(late); late = 0; if (!paused) state("Live"); };
    source.onmessage = take;
    source.onerror = () => {
      late = late || setTimeout(() => state("Waiting for the server"), 3000);  // it ends every two seconds, and comes again
      if (source.readyState === EventSource.CLOSED) setTimeout(() => { if (!paused) open(); }, 3000);
    };
  }

  function close() {
    if (source) source.close();
    source = null;
  }

  function take(event) {
    const update = JSON.parse(event.data);
    after = event.lastEventId;
    if (update.anew) { list.replaceChildren(); waiting = []; }
    came += update.came;
    waiting = update.rows.concat(waiting).slice(0, MOST_ROWS);
    if (!reading()) show();
    for (const [id, html] of Object.entries(update.panels)) {
      if (panels[id] !== html && by(id)) by(id).innerHTML = panels[id] = html;
    }
  }

  function show() {
    if (!waiting.length) return;
    const made = document.createElement("template");
    made.innerHTML = waiting.join("");
    for (const row of made.content.children) row.className = "new";
    shown += waiting.length;
    waiting = [];
    list.prepend(made.content);
    while (list.rows.length > MOST_ROWS) list.lastElementChild.remove();
    by("nothing").hidden = true;
  }

  function everySecond() {
    if (!reading()) show();
    const held = waiting.length ? "New calls wait while you are in the list. " : "";
    const some = came > shown && !held ? `Showing ${shown.toLocaleString("en")} of ${came.toLocaleString("en")} calls of the last second.` : "";
    by("sampled").textContent = held + some;
    came = shown = 0;
  }

  list.addEventListener("pointermove", () => { pointed = Date.now(); });
  list.addEventListener("pointerleave", () => { pointed = 0; });
  by("pause").hidden = false;
  by("pause").addEventListener("click", () => {
    paused = !paused;
    by("pause").setAttribute("aria-pressed", String(paused));
    by("pause").textContent = paused ? "Go on" : "Pause";
    state(paused ? "Paused" : "Live");
    if (paused) close(); else open();
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) close(); else if (!paused) open(); });
  setInterval(everySecond, 1000);
  open();
  return { forget: () => { for (const id of Object.keys(panels)) delete panels[id]; } };
}

// Forms without loading the page ----------------------------------------------------------------------------------------

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = form.closest("[data-swapped]") || by("main");
  const fresh = page.getElementById(part.id);
  if (!fresh) throw new Error("this is no page of ours");
  const focused = document.activeElement.id;
  part.replaceChildren(...fresh.childNodes);
  (by(focused) || by("main")).focus({ preventScroll: true });
  if (following) following.forget();
  prepare();
  by("done").textContent = answer.ok ? button?.dataset.done || "Done" : "";
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.sent) return;
  event.preventDefault();
  send(form, event.submitter).catch(() => { form.dataset.sent = "plainly"; form.requestSubmit(event.submitter); });
});

// Copying ---------------------------------------------------------------------------------------------------------------

function prepare() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copies]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(by(button.dataset.copies).textContent);
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
});

const following = by("rows") ? follow(by("rows")) : null;
prepare();
