// Keeps a form's draft while it is written. A lost connection or a lapsed session is told, and tried again.
"use strict";

const keepDraft = (keeper) => {
  const form = document.getElementById("record-form");
  const AGAIN_MS = 5000;
  let unkept = false;
  let waiting = 0;

  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => keeper.isConnected && htmx.trigger(keeper, "again"), AGAIN_MS);
  };
  const tell = (words) => {
    unkept = true;
    keeper.textContent = words;
    again();
  };
  // Who signs in anew gets another token for forms; the page asks for it.
  const newToken = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("#record-form input[name=csrfmiddlewaretoken]")?.value;
    if (!token) return;
    form.querySelector("input[name=csrfmiddlewaretoken]").value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  };

  // What is saved is no draft: nothing is kept behind the save that is under way.
  form.addEventListener("submit", () => htmx.trigger(keeper, "htmx:abort"));
  keeper.addEventListener("htmx:beforeRequest", (event) => form.dataset.sent && event.preventDefault());
  keeper.addEventListener("htmx:sendError", () => tell(keeper.dataset.lost));
  keeper.addEventListener("htmx:responseError", () => {
    tell(keeper.dataset.out);
    newToken().catch(() => {});
  });
  keeper.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.serverResponse.includes('id="draft-state"')) {
      unkept = false;
      clearTimeout(waiting);
    } else if (event.detail.shouldSwap) {
      // The way led to the page for signing in.
      event.detail.shouldSwap = false;
      tell(keeper.dataset.out);
    }
  });
  window.addEventListener("online", () => unkept && keeper.isConnected && htmx.trigger(keeper, "again"));
  window.addEventListener("beforeunload", (event) => {
    if (unkept && keeper.isConnected && !form.dataset.sent) event.preventDefault();
  });
};

// Also of a form that htmx brings in.
const keepDrafts = () => {
  const keeper = document.querySelector("#draft-keeper:not([data-made])");
  if (!keeper) return;
  keeper.dataset.made = "yes";
  keepDraft(keeper);
};
keepDrafts();
document.addEventListener("htmx:load", keepDrafts);
