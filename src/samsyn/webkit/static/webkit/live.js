// A part of a page that comes anew by itself leaves alone who is at work in it.
"use strict";

// Nothing is put in place of a form that somebody is filling in.
function written(control) {
  if (control.matches("select")) {
    const first = [...control.options].findIndex((one) => one.defaultSelected);
    return control.selectedIndex !== Math.max(0, first);
  }
  if (control.matches("[type=checkbox], [type=radio]")) return control.checked !== control.defaultChecked;
  return control.value !== control.defaultValue;
}
function atWork(part) {
  const focused = document.activeElement;
  if (part.contains(focused) && focused.matches("input, select, textarea")) return true;
  return [...part.querySelectorAll("input:not([type=hidden]), select, textarea")].some(written);
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.target;
  if (!(part.getAttribute("hx-trigger") || "").startsWith("every")) return;
  if (atWork(part)) event.detail.shouldSwap = false;
});

// What was unfolded stays so, and the keyboard stays where it was.
let unfolded = [];
let focus = null;
function sign(element) {
  return [element.tagName, element.getAttribute("href"), element.closest("form")?.getAttribute("action"), element.textContent.trim()].join(" ");
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.target;
  unfolded = [...part.querySelectorAll("details[id][open]")].map((one) => one.id);
  const active = document.activeElement;
  focus = part.contains(active) && active !== part && !active.id ? sign(active) : null;
});
document.addEventListener("htmx:afterSettle", () => {
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  unfolded = [];
  if (focus && document.activeElement === document.body)
    [...document.querySelectorAll("main a[href], main button, main summary")].find((one) => sign(one) === focus)?.focus({ preventScroll: true });
  focus = null;
});
