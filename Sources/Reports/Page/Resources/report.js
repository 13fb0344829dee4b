"use strict";
(() => {
  const root = document.documentElement;
  const status = document.getElementById("status");

  // Theme: the system's until the button is pressed; kept where the browser allows it.
  const button = document.getElementById("theme");
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  const label = () => { button.textContent = isDark() ? "Light theme" : "Dark theme"; };
  try {
    const kept = localStorage.getItem("mergeshift-theme");
    if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  } catch { /* a page from disk may have no storage */ }
  button.hidden = false;
  label();
  system.addEventListener("change", label);
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { localStorage.setItem("mergeshift-theme", root.dataset.theme); } catch { /* as above */ }
    label();
  });

  // Tables: a button in every heading sorts by its column, empty cells last.
  const key = (row, column) => {
    const cell = row.cells[column];
    if (cell.dataset.v !== undefined) return Number(cell.dataset.v);
    const text = cell.textContent.trim();
    return text === "" || text === "–" || text === "failed" ? null : text;
  };
  const compare = (left, right) =>
    typeof left === "number" && typeof right === "number" ? left - right
      : String(left).localeCompare(String(right), "en", { numeric: true });
  const sort = (table, column) => {
    const headings = [...table.tHead.rows[0].cells];
    const heading = headings[column];
    const rows = [...table.tBodies[0].rows];
    const isNumeric = rows.some((row) => typeof key(row, column) === "number");
    const first = isNumeric ? "descending" : "ascending";
    const other = isNumeric ? "ascending" : "descending";
    const order = heading.getAttribute("aria-sort") === first ? other : first;
    for (const cell of headings) cell.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", order);
    const sign = order === "ascending" ? 1 : -1;
    rows.sort((a, b) => {
      const [left, right] = [key(a, column), key(b, column)];
      if (left === null || right === null) return (left === null) - (right === null);
      return sign * compare(left, right);
    });
    table.tBodies[0].append(...rows);
    status.textContent = `Sorted by ${heading.textContent}, ${order}`;
  };
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const sorter = document.createElement("button");
      sorter.type = "button";
      sorter.textContent = heading.textContent;
      sorter.addEventListener("click", () => sort(table, column));
      heading.replaceChildren(sorter);
    });
  }

  // What scrolls sideways can be reached and scrolled by keyboard.
  const scrollers = document.querySelectorAll(".scroll");
  const reach = () => {
    for (const box of scrollers) {
      const overflows = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
      if (overflows) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        const name = box.querySelector("caption, title");
        box.setAttribute("aria-label", `${name ? name.textContent : "Content"}, scrolls`);
      } else {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    }
  };
  window.addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
  reach();

  // A link to something that is folded opens it, also when it was followed before; contents are folded
  // where room is scarce.
  const reveal = (hash) => {
    const target = hash && document.getElementById(decodeURIComponent(hash.slice(1)));
    for (let at = target && target.closest("details"); at; at = at.parentElement.closest("details")) {
      at.open = true;
    }
    return target;
  };
  for (const link of document.querySelectorAll("a[href^='#']")) {
    link.addEventListener("click", () => {
      const target = reveal(link.hash);
      // Where the reader goes on by keyboard, and what a screen reader says next.
      const summary = target && target.matches("details") && target.querySelector("summary");
      if (summary) requestAnimationFrame(() => summary.focus({ preventScroll: true }));
    });
  }
  window.addEventListener("hashchange", () => reveal(location.hash));
  reveal(location.hash);

  // Experiments open and close all at once, and all are on paper.
  const experiments = [...document.querySelectorAll("details.experiment")];
  for (const [id, isOpen] of [["open-all", true], ["close-all", false]]) {
    const all = document.getElementById(id);
    if (!all) continue;
    all.hidden = false;
    all.addEventListener("click", () => {
      for (const experiment of experiments) experiment.open = isOpen;
      status.textContent = `All experiments are ${isOpen ? "open" : "closed"}`;
    });
  }
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = experiments.filter((experiment) => !experiment.open);
    for (const experiment of closed) experiment.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const experiment of closed) experiment.open = false;
    closed = [];
  });
  if (window.matchMedia("(max-width: 1059px)").matches) {
    document.getElementById("contents").open = false;
  }
})();
