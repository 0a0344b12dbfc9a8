// A screen on a wall has no keyboard: /board#<token> brings the token behind the #, which no server
// and no other site is ever told.
const form = document.querySelector("form");
const token = decodeURIComponent(location.hash.slice(1));
if (form && token) {
  history.replaceState(null, "", location.pathname);
  form.elements.token.value = token;
  form.submit();
}
