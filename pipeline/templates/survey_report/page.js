// Tables sort by a click on a heading; without this script they are read as they stand.
(() => {
  "use strict";
  const number = (cell) => (cell.dataset.value === undefined ? NaN : Number(cell.dataset.value));
  const compare = (place, down) => (a, b) => {
    const [x, y] = [a.cells[place], b.cells[place]];
    const [m, n] = [number(x), number(y)];
    const bySize = !Number.isNaN(m) && !Number.isNaN(n);
    if (Number.isNaN(m) !== Number.isNaN(n)) return Number.isNaN(m) ? 1 : -1;
    const order = bySize ? m - n : x.textContent.localeCompare(y.textContent, document.documentElement.lang);
    return down ? -order : order;
  };
  for (const table of document.querySelectorAll("figure.table table")) {
    const body = table.tBodies[0];
    const lines = [...body.rows].filter((row) => !row.classList.contains("total"));
    if (lines.length < 2) continue;
    const headings = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
    headings.forEach((heading, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      heading.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const down = heading.getAttribute("aria-sort") !== "descending" && heading.classList.contains("number")
          || heading.getAttribute("aria-sort") === "ascending";
        headings.forEach((other) => other.setAttribute("aria-sort", "none"));
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const total = [...body.rows].filter((row) => row.classList.contains("total"));
        body.append(...lines.sort(compare(place, down)), ...total);
      });
    });
  }
  const narrow = matchMedia("(max-width: 62rem)");
  const contents = document.querySelector(".contents details");
  if (contents && narrow.matches) contents.open = false;
  // Browsers of today open a fold for a link into it and print what is folded; for older ones:
  const folds = [...document.querySelectorAll("details.fold")];
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const shut = folds.find((fold) => !fold.open && fold.contains(target));
    if (!shut) return;
    shut.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();
  let shut = [];
  addEventListener("beforeprint", () => {
    if (contents) contents.open = true;
    shut = folds.filter((fold) => !fold.open);
    shut.forEach((fold) => (fold.open = true));
  });
  addEventListener("afterprint", () => shut.forEach((fold) => (fold.open = false)));
})();
