// A screen on a wall has no keyboard: /board#<token> brings the token behind the #, which no server
// and no other site is ever told.
const form = document.querySelector("form");
const token = decodeURIComponent(location.hash.slice(1));
// What names a place of the page, such as a lane, is no token.
if (form && token && !document.getElementById(token)) {
  history.replaceState(null, "", location.pathname);
  form.elements.token.value = token;
  form.submit();
}
