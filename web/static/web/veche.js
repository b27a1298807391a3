/* Small enhancements; every page works without them. */

// A second press of the same button sends nothing. The server refuses it too (request_key).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
});

// Coming back by the browser's history, the form can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

function showCounters(root) {
  for (const area of root.querySelectorAll("textarea[maxlength]")) {
    if (area.dataset.counted) continue;
    area.dataset.counted = "yes";
    const limit = Number(area.getAttribute("maxlength"));
    const line = document.createElement("p");
    line.className = "v-counter";
    line.hidden = true;
    area.after(line);
    const numbers = new Intl.NumberFormat(document.documentElement.lang);
    const show = () => {
      // Shown only near the limit: until then the number is noise.
      line.hidden = area.value.length < limit * 0.8;
      line.textContent = `${numbers.format(area.value.length)} / ${numbers.format(limit)}`;
    };
    area.addEventListener("input", show);
    show();
  }
}

function showCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied;
    });
  }
}

function enhance(root) {
  showCounters(root);
  showCopyButtons(root);
}

document.addEventListener("DOMContentLoaded", () => {
  enhance(document);
  document.querySelector("[data-focus]")?.focus();
});
document.addEventListener("htmx:afterSettle", (event) => enhance(event.target));

// An open menu closes by Escape or by a press elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.v-account[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.v-account[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
