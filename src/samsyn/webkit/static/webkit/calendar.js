// The hours of the calendar by keyboard: one slot is in the order of the tab key, arrows go to the others.
"use strict";

const hours = document.querySelector("[data-hours]");
if (hours) {
  const columns = [...hours.querySelectorAll(".column")].map((one) => [...one.querySelectorAll(".slot")]);
  const first = columns.find((slots) => slots.length)?.[0];
  if (first) first.tabIndex = 0;

  hours.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    const at = document.activeElement;
    const column = columns.findIndex((slots) => slots.includes(at));
    if (!step || column < 0) return;
    const next = columns[column + step[0]]?.[columns[column].indexOf(at) + step[1]];
    if (!next) return;
    event.preventDefault();
    at.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}
