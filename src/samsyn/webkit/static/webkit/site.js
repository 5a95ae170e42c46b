// What pages do beyond HTML and htmx; every page works without it.
"use strict";

// A menu closes when one looks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// F1 opens the help about this page beside it, so that nothing that is being written is left.
document.addEventListener("keydown", (event) => {
  const help = document.querySelector("a[rel=help]");
  if (event.key !== "F1" || !help) return;
  event.preventDefault();
  window.open(help.href, "samsyn-help");
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A control that sends its form at a change; its button is for those without JavaScript.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
});

// On a phone the navigation is a row that scrolls: the page's own link is in sight.
const here = document.querySelector(".nav [aria-current]");
if (here && here.closest(".nav").scrollWidth > here.closest(".nav").clientWidth)
  here.scrollIntoView({ inline: "center", block: "nearest" });

// After a refused form, the first wrong field has the focus.
document.querySelector("main [aria-invalid=true]")?.focus();
