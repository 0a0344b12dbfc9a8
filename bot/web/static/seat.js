// One place on the page and the phone that stands in it: its conversation, and typing on it.

import { attempt, base64, fill, make, post, toast, words } from "./tools.js";

const LARGEST = 8 * 1024 * 1024;
const ADDRESS = /(https?:\/\/[\w.:[\]-]+\/[\w./%?=&#-]*)/;
const AT_END = 60; // px from the end of a log within which it follows new messages

// `look` draws every phone anew; `remember` keeps which ones are shown.
export function Seat(root, { look, remember }) {
  const find = (what) => root.querySelector(what);
  const [who, log, chips, text] = [find(".who"), find(".log"), find(".chips"), find("textarea")];
  const empty = find(".empty");
  const drawn = new Map(); // item id → [what was drawn, its element]
  const seat = this;
  let shown = null;
  let atEnd = true;

  // Chips that come and an input that grows take their height from the log: its end stays seen.
  log.addEventListener("scroll", () => { atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < AT_END; });
  new ResizeObserver(() => { if (atEnd) log.scrollTop = log.scrollHeight; }).observe(log);

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
    const follow = !fresh || atEnd;
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
    for (const words of item.texts) element.append(drawWords(words));
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

  // As on a phone, an address can be opened; whatever else stands there stays words.
  function drawWords(text) {
    const bubble = make("div", "bubble");
    text.split(ADDRESS).forEach((piece, place) => {
      bubble.append(place % 2 ? drawLink(piece) : piece);
    });
    return bubble;
  }

  function drawLink(address) {
    const link = make("a", "", address);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }

  function drawMedia(media) {
    const bubble = make("div", "bubble");
    const tags = { audio: "audio", video: "video", file: "a" };
    const element = make(tags[media.form] ?? "img");
    if (media.form === "file") {
      element.href = media.url;
      element.download = "";
      element.textContent = words.file_shown;
      bubble.append(element);
      return bubble;
    }
    element.src = media.url;
    if (media.form === "audio" || media.form === "video") {
      element.controls = true;
      element.preload = "none";
      element.setAttribute("aria-label", media.form === "audio" ? words.voice_shown : words.video_shown);
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
