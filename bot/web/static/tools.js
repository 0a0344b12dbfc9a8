// What every part of the page uses: its words, making elements, asking the server.
// Words of people are put in with textContent only.

export const words = JSON.parse(document.getElementById("words").textContent);

export function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

let toastEnds;
export function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = text;
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => { place.textContent = ""; }, 6000);
}

export async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error ?? answer.statusText);
  return told;
}

export async function attempt(work) {
  try {
    return await work();
  } catch (problem) {
    toast(fill(words.refused, { reason: problem.message }));
    return null;
  }
}

export function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
