// What the pages do better with a script than without: new calls by themselves, forms without loading the page, copying.
"use strict";

const by = (id) => document.getElementById(id);
const MOST_ROWS = 100;

// Calls as they come -------------------------------------------------------------------------------------------------

function follow(list) {
  let source = null, after = list.dataset.after, paused = false, late = 0;
  let waiting = [], came = 0, shown = 0;
  const panels = {};

  const state = (text) => { if (by("state").textContent !== text) by("state").textContent = text; };
  const reading = () => list.parentElement.matches(":hover") || list.contains(document.activeElement);

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

  by("pause").hidden = false;
  by("pause").addEventListener("click", () => {
    paused = !paused;
    by("pause").setAttribute("aria-pressed", String(paused));
    by("pause").textContent = paused ? "Go on" : "Pause";
    state(paused ? "Paused" : "Live");
    paused ? close() : open();
  });
  document.addEventListener("visibilitychange", () => { document.hidden ? close() : !paused && open(); });
  setInterval(everySecond, 1000);
  open();
  return { forget: () => { for (const id of Object.keys(panels)) delete panels[id]; } };
}

// Forms without loading the page ----------------------------------------------------------------------------------------

function sameIn(page, element) {
  if (element.id) return page.getElementById(element.id);
  return null;
}

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const parts = form.closest("[data-swapped]") ? [form.closest("[data-swapped]")] : [by("main")];
  if (!page.getElementById("main")) throw new Error("no page");
  const focused = document.activeElement && document.activeElement.id;
  for (const part of parts) {
    const fresh = sameIn(page, part);
    if (fresh) part.replaceChildren(...fresh.childNodes);
  }
  if (focused === "run" || by(focused)) by(focused || "main").focus({ preventScroll: true });
  if (following) following.forget();
  prepare();
  by("done").textContent = answer.ok && button ? button.dataset.done || "Done" : "";
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
