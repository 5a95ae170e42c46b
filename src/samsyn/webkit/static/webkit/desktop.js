// Panels are moved by the mouse; keyboard, touch and pages without JavaScript have the panel's menu.
"use strict";

let moving = null;

function arm(root) {
  for (const panel of root.querySelectorAll(".desk-panel")) panel.draggable = true;
}
arm(document);
document.addEventListener("htmx:load", (event) => arm(event.target));

document.addEventListener("dragstart", (event) => {
  const panel = event.target.closest?.(".desk-panel");
  if (!panel || event.target !== panel) return;
  moving = panel;
  panel.classList.add("moving");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", panel.dataset.panel);
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".desk-panel");
  if (!moving || !over) return;
  event.preventDefault();
  for (const one of document.querySelectorAll(".desk-panel.over")) one.classList.remove("over");
  if (over !== moving) over.classList.add("over");
});
document.addEventListener("drop", (event) => {
  const over = event.target.closest?.(".desk-panel");
  if (!moving || !over || over === moving) return;
  event.preventDefault();
  const panels = [...document.querySelectorAll(".desk-panel")];
  if (panels.indexOf(moving) < panels.indexOf(over)) over.after(moving);
  else over.before(moving);
  const order = [...document.querySelectorAll(".desk-panel")].map((one) => one.dataset.panel);
  const where = document.getElementById("desktop").dataset.arrange;
  htmx.ajax("POST", where, { target: "#desktop", swap: "outerHTML", values: { do: "order", order: order.join(" ") } });
});
document.addEventListener("dragend", () => {
  moving?.classList.remove("moving");
  for (const one of document.querySelectorAll(".desk-panel.over")) one.classList.remove("over");
  moving = null;
});
