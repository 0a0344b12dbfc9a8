// Asks for the wall's inside every few seconds, turns the pages of what does not fit, and says so
// when what is shown has grown old.
const EVERY = 5_000;
const TURN = 12_000;
const STALE = 60_000;
const PATIENCE = 8_000;
const RENEW = 6 * 3_600_000;

const words = JSON.parse(document.getElementById("words").textContent);
const view = document.getElementById("view");
const stale = document.getElementById("stale");
const pause = document.getElementById("pause");
const wide = matchMedia("(min-width: 1000px)");

let seen = Date.now();
let turn = 0;
let asking = false;

async function refresh() {
  if (asking) return;
  asking = true;
  try {
    const answer = await fetch("/board/view", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 403) return location.reload();
    if (answer.ok) {
      const drawn = document.createElement("template");
      drawn.innerHTML = await answer.text();
      view.replaceChildren(drawn.content);
      seen = Date.now();
      lay();
    }
  } catch {
    // The banner tells it in time; the next look may succeed.
  } finally {
    asking = false;
    tell();
  }
}

function tell() {
  const old = Date.now() - seen;
  const words_of = words.stale.replace("{minutes}", Math.floor(old / 60_000));
  const before = stale.hidden;
  stale.hidden = old < STALE;
  if (!stale.hidden && stale.textContent !== words_of) stale.textContent = words_of;
  document.body.classList.toggle("old", !stale.hidden);
  // The banner takes room from the lanes.
  if (stale.hidden !== before) lay();
}

function lay() {
  for (const list of view.querySelectorAll("[data-pages]")) layOne(list);
}

/** Show the page of a list whose turn it is; a page is as many cards as fit. */
function layOne(list) {
  const cards = [...list.children];
  for (const card of cards) card.hidden = false;
  const pages = wide.matches ? paged(list, cards) : [cards];
  const at = turn % pages.length;
  for (const card of cards) card.hidden = !pages[at].includes(card);
  const told = list.parentElement.querySelector("[data-page]");
  const shown = words.page.replace("{page}", at + 1).replace("{pages}", pages.length);
  told.textContent = pages.length > 1 ? shown : "";
}

function paged(list, cards) {
  // The first card of every page stands where the first of all does.
  const room = list.clientHeight - (cards[0]?.offsetTop ?? 0);
  const pages = [];
  let top = null;
  for (const card of cards) {
    const bottom = card.offsetTop + card.offsetHeight;
    if (top === null || bottom - top > room) {
      top = card.offsetTop;
      pages.push([]);
    }
    pages.at(-1).push(card);
  }
  return pages.length ? pages : [[]];
}

function next() {
  if (pause.getAttribute("aria-pressed") === "true") return;
  turn += 1;
  lay();
}

pause.addEventListener("click", () => {
  const now = pause.getAttribute("aria-pressed") !== "true";
  pause.setAttribute("aria-pressed", String(now));
  pause.textContent = now ? words.go_on : words.pause;
});
wide.addEventListener("change", lay);
addEventListener("resize", lay);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
document.fonts.ready.then(lay);

// A screen that hangs for months takes up new versions, but only while there is somebody to answer.
setInterval(() => stale.hidden && location.reload(), RENEW);
setInterval(refresh, EVERY);
setInterval(next, TURN);
setInterval(tell, 1_000);
lay();
