// The phones page: draws what the server tells of each phone and sends what a person types.
// Words of people are put in with textContent only.

const words = JSON.parse(document.getElementById("words").textContent);
const LARGEST = 8 * 1024 * 1024;
const AT_END = 60; // px from the end of a log within which it follows new messages
const seats = [...document.querySelectorAll(".phone")].map((root) => new Seat(root));

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

let toastEnds;
function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = text;
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => { place.textContent = ""; }, 6000);
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error ?? answer.statusText);
  return told;
}

async function attempt(work) {
  try {
    return await work();
  } catch (problem) {
    toast(fill(words.refused, { reason: problem.message }));
    return null;
  }
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

// One place on the page and the phone that stands in it.
function Seat(root) {
  const find = (what) => root.querySelector(what);
  const [who, log, chips, text] = [find(".who"), find(".log"), find(".chips"), find("textarea")];
  const empty = find(".empty");
  const drawn = new Map(); // item id → [what was drawn, its element]
  const seat = this;
  let shown = null;

  seat.id = root.dataset.seat;
  seat.root = root;
  seat.handle = () => who.value ?? who.dataset.handle;

  seat.draw = (phone) => {
    const fresh = shown === phone.handle;
    if (!fresh) {
      drawn.clear();
      log.replaceChildren(empty);
    }
    shown = phone.handle;
    find(".rules").textContent = phone.rules;
    const failing = find("[data-failing]");
    if (failing) failing.checked = phone.failing;
    const follow = !fresh || log.scrollHeight - log.scrollTop - log.clientHeight < AT_END;
    drawChips(phone.items.findLast((item) => item.newest));
    if (place(phone, fresh) && follow) log.scrollTop = log.scrollHeight;
  };

  // Puts the items into the log, keeping the elements that have not changed: a screen reader is
  // told what is new, not everything again. Says whether anything changed.
  function place(phone, fresh) {
    const wanted = [];
    let day = null;
    for (const item of phone.items) {
      if (item.day !== day) wanted.push([`d${(day = item.day)}`, { day }, drawDay]);
      wanted.push([item.id, item, drawItem]);
    }
    for (const item of phone.waiting) wanted.push([`w${item.id}`, item, drawLost]);
    if (phone.later) wanted.push(["later", phone.later, (what) => make("p", "later", what)]);
    empty.hidden = wanted.length > 0;
    let changed = false;
    const keep = new Set(wanted.map(([id]) => id));
    for (const [id, [, element]] of drawn) {
      if (!keep.has(id)) { element.remove(); drawn.delete(id); changed = true; }
    }
    let before = empty;
    for (const [id, what, drawer] of wanted) {
      const form = JSON.stringify(what);
      let [known, element] = drawn.get(id) ?? [];
      if (known !== form) {
        const old = element;
        element = drawer(what);
        if (fresh && !old) element.classList.add("fresh");
        if (old) old.replaceWith(element);
        drawn.set(id, [form, element]);
        changed = true;
      }
      if (before.nextSibling !== element) before.after(element);
      before = element;
    }
    return changed;
  }

  function drawDay(what) { return make("p", "day", what.day); }

  function drawLost(what) {
    const element = make("div", "lost");
    element.append(make("b", "", what.note), make("span", "", what.text));
    return element;
  }

  function drawItem(item) {
    const element = make("div", `item ${item.side}`);
    if (item.media) element.append(drawMedia(item.media));
    for (const words of item.texts) element.append(make("div", "bubble", words));
    if (item.newest && item.buttons) element.append(drawTaps(item.options, "taps"));
    const meta = make("div", "meta");
    meta.append(make("time", "", item.clock));
    if (item.badge) {
      const badge = make("span", `badge ${item.badge.tone}`);
      const shape = make("span", "", item.badge.shape);
      shape.setAttribute("aria-hidden", "true");
      badge.append(shape, make("span", "", item.badge.word));
      meta.append(badge);
    }
    if (item.options?.length && !item.newest) meta.append(drawEarlier(item.options));
    element.append(meta);
    return element;
  }

  function drawMedia(media) {
    const bubble = make("div", "bubble");
    const element = make(media.form === "audio" ? "audio" : "img");
    element.src = media.url;
    if (media.form === "audio") {
      element.controls = true;
      element.preload = "none";
      element.setAttribute("aria-label", words.voice_shown);
    } else {
      element.alt = words.image_shown;
      element.onload = () => { log.scrollTop = log.scrollHeight; };
    }
    bubble.append(element);
    return bubble;
  }

  // Staff phones have buttons. A WeChat phone has none: its newest menu is typed, and chips at the
  // foot help. What older cards still take is folded away on both.
  function drawEarlier(options) {
    const folded = make("details", "earlier");
    folded.append(make("summary", "", words.earlier), drawTaps(options, "typeable"));
    return folded;
  }

  function drawTaps(options, className) {
    const group = make("div", className);
    group.append(...options.map(drawTap));
    return group;
  }

  function drawTap(option) {
    const button = make("button");
    button.type = "button";
    if (option.type === option.digit) {
      button.append(make("kbd", "", option.type), make("span", "", option.label));
    } else {
      button.textContent = option.type;
    }
    button.dataset.types = option.type;
    button.onclick = () => say({ text: option.type });
    return button;
  }

  function drawChips(item) {
    const options = item && !item.buttons ? item.options : [];
    const form = JSON.stringify(options);
    if (chips.dataset.form === form) return;
    chips.dataset.form = form;
    chips.replaceChildren(...options.map(drawTap));
  }

  async function say(body) {
    const path = `/phones/${encodeURIComponent(seat.handle())}/messages`;
    const whole = { ...body, key: crypto.randomUUID() };
    await attempt(async () => {
      await post(path, whole);
      if (find("[data-twice]").checked) {
        const again = await post(path, whole);
        if (!again.fresh) toast(words.repeated);
      }
    });
    log.scrollTop = log.scrollHeight;
    await look();
  }

  async function sendFile(kind, file) {
    if (!file) return;
    find(".more").open = false;
    if (file.size > LARGEST) toast(words.too_large);
    else await say({ [kind]: await base64(file) });
  }

  async function record(button) {
    if (button.recorder) {
      button.recorder.stop();
      return;
    }
    let microphone;
    try {
      microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      toast(words.no_microphone);
      return;
    }
    const recorder = new MediaRecorder(microphone);
    recorder.ondataavailable = ({ data }) => sendFile("voice", data);
    recorder.onstop = () => {
      for (const track of microphone.getTracks()) track.stop();
      button.recorder = null;
      button.textContent = words.record;
    };
    button.recorder = recorder;
    button.textContent = words.recording;
    recorder.start();
  }

  async function showRaw() {
    const answer = await fetch(`/phones/${encodeURIComponent(seat.handle())}/raw`);
    const name = who.selectedOptions?.[0].textContent ?? who.textContent;
    document.getElementById("raw-title").textContent = fill(words.raw_title, { name });
    document.getElementById("raw-rows").textContent = JSON.stringify(await answer.json(), null, 2);
    document.getElementById("raw").showModal();
  }

  function grow() {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  }

  if (who.value !== undefined) {
    const stored = new URLSearchParams(location.hash.slice(1)).get(seat.id);
    if ([...who.options].some((option) => option.value === stored)) who.value = stored;
    who.onchange = () => { remember(); look(); };
  }
  find("[data-raw]").onclick = showRaw;
  if (!text) return;

  text.oninput = grow;
  text.onkeydown = (event) => {
    // 229: the key that ends a composition of an input method is no Enter of the person.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    find("form").requestSubmit();
  };
  find("form").onsubmit = (event) => {
    event.preventDefault();
    const typed = text.value;
    if (!typed.trim()) return;
    text.value = "";
    grow();
    say({ text: typed });
  };
  for (const input of root.querySelectorAll("[data-send]")) {
    input.onchange = async () => { await sendFile(input.dataset.send, input.files[0]); input.value = ""; };
  }
  find("[data-record]").onclick = (event) => record(event.currentTarget);
  find("[data-failing]").onchange = (event) => attempt(() =>
    post(`/phones/${encodeURIComponent(seat.handle())}/faults`, { failing: event.target.checked }));
}

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
