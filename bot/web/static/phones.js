// The phones page: asks how the phones stand whenever the server says that something changed.

import { Seat } from "./seat.js";
import { attempt, make, post, toast, words } from "./tools.js";

const seats = [...document.querySelectorAll(".phone")].map((root) => new Seat(root, { look, remember }));

// Which phones are shown is kept in the address, so that a reload shows the same ones.
function remember() {
  const choice = new URLSearchParams(seats.map((seat) => [seat.id, seat.handle()]));
  history.replaceState(null, "", `#${choice}`);
}

let looking = null;
let again = false;
async function look() {
  if (looking) { again = true; return looking; }
  looking = draw().catch(() => toast(words.offline)).finally(() => { looking = null; });
  await looking;
  if (again) { again = false; await look(); }
}

async function draw() {
  const handles = seats.map((seat) => seat.handle());
  const answer = await fetch(`/phones/state?show=${encodeURIComponent(handles.join(","))}`);
  if (!answer.ok) throw new Error(answer.statusText);
  const state = await answer.json();
  document.getElementById("now").textContent = state.now;
  for (const phone of state.phones) {
    for (const seat of seats) if (seat.handle() === phone.handle) seat.draw(phone);
  }
  drawStage(state.stage);
  drawStory(state.story);
}

function drawStage(stage) {
  document.getElementById("stage-issue").textContent = stage.issue || words.none_yet;
  const steps = stage.steps.map((step) => {
    const element = make("li", step.done ? "done" : "", step.word);
    if (step.done) element.setAttribute("aria-label", `${step.word} ${words.stage_done}`);
    return element;
  });
  const list = document.getElementById("stage-steps");
  const form = JSON.stringify(stage.steps);
  if (list.dataset.form !== form) list.replaceChildren(...steps);
  list.dataset.form = form;
}

let wasPlaying = false;
function drawStory(story) {
  const button = document.getElementById("play");
  if (!button) return;
  button.disabled = story.playing;
  button.textContent = story.playing ? `${words.playing} ${story.at}/${story.of}` : words.play;
  if (wasPlaying && !story.playing && story.ending) toast(words[`ending_${story.ending}`]);
  wasPlaying = story.playing;
}

// On a narrow screen one phone is seen at a time.
const places = [...document.querySelectorAll("[data-place]")];
const visible = new Set();
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (entry.isIntersecting) visible.add(entry.target.dataset.seat);
    else visible.delete(entry.target.dataset.seat);
  }
  const here = places.find((place) => visible.has(place.dataset.place));
  for (const place of places) {
    if (place === here) place.setAttribute("aria-current", "true");
    else place.removeAttribute("aria-current");
  }
}, { root: document.getElementById("phones"), threshold: 0.6 });
for (const seat of seats) seen.observe(seat.root);
for (const place of places) {
  place.onclick = (event) => {
    event.preventDefault();
    document.getElementById(`seat-${place.dataset.place}`).scrollIntoView({ inline: "center", block: "nearest" });
  };
}

for (const button of document.querySelectorAll("[data-jump]")) {
  button.onclick = () => attempt(() => post("/phones/clock", { to: button.dataset.jump })).then(look);
}
document.getElementById("play")?.addEventListener("click", () => {
  // The story is told on these phones.
  for (const who of document.querySelectorAll("select.who")) who.selectedIndex = 0;
  remember();
  attempt(() => post("/phones/story", {})).then(look);
});
document.getElementById("raw-close").onclick = () => document.getElementById("raw").close();
document.addEventListener("click", (event) => {
  for (const more of document.querySelectorAll(".more[open]")) {
    if (!more.contains(event.target)) more.open = false;
  }
});

const stream = new EventSource("/phones/stream");
stream.addEventListener("change", look);
stream.onerror = () => toast(words.offline);
look();
