// A reference that is typed: suggestions in a list box. Without it the typed name is looked up at saving.
"use strict";

const makePick = (pick) => {
  const [id, text] = [pick.querySelector("input[type=hidden]"), pick.querySelector("input:not([type=hidden])")];
  const list = document.createElement("ul");
  let chosen = -1;
  let asked = 0;
  let waiting = 0;
  list.id = `${text.id}-list`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${text.id}"]`).textContent.trim());
  list.hidden = true;
  pick.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) {
    text.setAttribute(name, value);
  }

  const options = () => [...list.querySelectorAll("[data-value]")];
  const show = (open) => {
    list.hidden = !open;
    text.setAttribute("aria-expanded", String(open));
    if (!open) text.removeAttribute("aria-activedescendant");
  };
  const mark = (place) => {
    const all = options();
    if (!all.length) return;
    chosen = (place + all.length) % all.length;
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
    all[chosen].scrollIntoView({ block: "nearest" });
    text.setAttribute("aria-activedescendant", all[chosen].id);
  };
  const take = (option) => {
    id.value = option.dataset.value;
    text.value = option.textContent;
    show(false);
  };
  const ask = async () => {
    const now = ++asked;
    const told = new URLSearchParams({ q: text.value, list: list.id });
    const answer = await fetch(`${pick.dataset.pick}?${told}`);
    if (!answer.ok || now !== asked) return;
    list.innerHTML = await answer.text();
    chosen = -1;
    show(true);
  };

  text.addEventListener("input", () => {
    id.value = "";
    clearTimeout(waiting);
    waiting = setTimeout(ask, 200);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      if (list.hidden) ask();
      else mark(chosen + 1);
    } else if (event.key === "ArrowUp" && !list.hidden) {
      event.preventDefault();
      mark(chosen - 1);
    } else if (event.key === "Enter" && !list.hidden && chosen >= 0) {
      event.preventDefault();
      take(options()[chosen]);
    } else if (event.key === "Escape") {
      show(false);
    }
  });
  text.addEventListener("blur", () => setTimeout(() => show(false), 150));
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("[data-value]");
    if (option) {
      event.preventDefault();
      take(option);
    }
  });
};

// Also for what htmx brings in.
const makePicks = (root) => {
  for (const pick of root.querySelectorAll("[data-pick]:not([data-made])")) {
    pick.dataset.made = "yes";
    makePick(pick);
  }
};
makePicks(document);
document.addEventListener("htmx:load", (event) => makePicks(event.detail.elt));
