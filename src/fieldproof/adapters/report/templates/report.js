"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const svg = document.querySelector("svg.ground");
  const box = svg.closest(".map");
  const card = document.getElementById("card");
  const whole = svg.getAttribute("viewBox").split(" ").map(Number);
  let view = [...whole];

  // --- map ---------------------------------------------------------------------------------
  const metresPerPixel = () =>
    Math.max(view[2] / box.clientWidth, view[3] / box.clientHeight);
  function draw() {
    svg.setAttribute("viewBox", view.join(" "));
    const px = metresPerPixel();
    svg.style.setProperty("--px", px);
    const hatch = document.getElementById("hatch");
    hatch.setAttribute("patternTransform", `rotate(45) scale(${px})`);
    const target = px * 110;
    const power = 10 ** Math.floor(Math.log10(target));
    const length = [5, 2, 1].map((k) => k * power).find((v) => v <= target) || power;
    const bar = document.querySelector(".scale");
    bar.querySelector("i").style.width = `${length / px}px`;
    bar.querySelector("span").textContent = length >= 1000 ? `${length / 1000} km` : `${length} m`;
  }
  function zoom(factor, x = view[0] + view[2] / 2, y = view[1] + view[3] / 2) {
    const f = Math.min(Math.max(factor, 20 / view[2]), (whole[2] * 3) / view[2]);
    view = [x - (x - view[0]) * f, y - (y - view[1]) * f, view[2] * f, view[3] * f];
    draw();
  }
  const pan = (dx, dy) => { view[0] += dx * view[2]; view[1] += dy * view[3]; draw(); };
  const fit = (b, margin = 0.35) => {
    const w = b.width * (1 + 2 * margin) + 60, h = b.height * (1 + 2 * margin) + 60;
    view = [b.x + b.width / 2 - w / 2, b.y + b.height / 2 - h / 2, w, h];
    draw();
  };
  function ground(event) {
    const point = new DOMPoint(event.clientX, event.clientY);
    return point.matrixTransform(svg.getScreenCTM().inverse());
  }
  svg.addEventListener("wheel", (e) => {
    e.preventDefault();
    const p = ground(e);
    zoom(e.deltaY > 0 ? 1.25 : 0.8, p.x, p.y);
  }, { passive: false });
  let last = null;
  svg.addEventListener("pointerdown", (e) => { last = ground(e); });
  window.addEventListener("pointerup", () => { last = null; });
  svg.addEventListener("pointermove", (e) => {
    if (!last) return;
    const p = ground(e);
    view[0] -= p.x - last.x; view[1] -= p.y - last.y;
    draw();
    last = ground(e);
  });
  box.addEventListener("keydown", (e) => {
    const moves = { ArrowLeft: [-0.15, 0], ArrowRight: [0.15, 0], ArrowUp: [0, -0.15], ArrowDown: [0, 0.15] };
    if (moves[e.key]) pan(...moves[e.key]);
    else if (e.key === "+" || e.key === "=") zoom(0.8);
    else if (e.key === "-") zoom(1.25);
    else if (e.key === "0") { view = [...whole]; draw(); }
    else return;
    e.preventDefault();
  });
  document.getElementById("zoom-in").onclick = () => zoom(0.7);
  document.getElementById("zoom-out").onclick = () => zoom(1.4);
  document.getElementById("zoom-all").onclick = () => { view = [...whole]; draw(); };
  for (const toggle of document.querySelectorAll("[data-layer]")) {
    toggle.onchange = () => {
      document.getElementById(toggle.dataset.layer).style.display = toggle.checked ? "" : "none";
    };
  }

  // --- a record ------------------------------------------------------------------------------
  const element = (tag, text, attributes = {}) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    for (const [k, v] of Object.entries(attributes)) made.setAttribute(k, v);
    return made;
  };
  const percent = (v) => (v === null || v === undefined ? "not known" : `${Math.round(v * 100)}%`);
  const range = (v) => (v ? `${v[1].toFixed(2)} (90%: ${v[0].toFixed(2)} to ${v[2].toFixed(2)})` : "not known");
  function list(title, items) {
    if (!items.length) return [];
    const ul = element("ul");
    items.forEach((t) => ul.append(element("li", t)));
    return [element("h4", title), ul];
  }
  function choose(id, move) {
    const r = data.records.find((item) => item.record_id === id);
    if (!r) return;
    document.querySelectorAll(".chosen").forEach((n) => n.classList.remove("chosen"));
    document.querySelectorAll(`[data-record="${CSS.escape(id)}"]`).forEach((n) => n.classList.add("chosen"));
    const shape = svg.querySelector(`path.record[data-record="${CSS.escape(id)}"]`);
    if (move && shape) fit(shape.getBBox(), 1.5);
    const dl = element("dl");
    const rows = [
      ["hand-over", r.batch_id || "not stated"], ["laid", r.laid_on || "date not stated"],
      ["unit", r.laid_by_unit || "not stated"], ["devices recorded", r.devices_recorded ?? "not stated"],
      ["finds inside / in reach", `${r.finds_inside} / ${r.finds_in_reach}`],
      ["expected if accurate", r.expected_finds === null ? "not known" : r.expected_finds.toFixed(1)],
      ["area searched", percent(r.searched_share)],
      ["shift", r.shift_length_m !== null ? `${r.shift.east_m.toFixed(0)} m east, ${r.shift.north_m.toFixed(0)} m north (90% region as large as a circle of ${r.shift.region_radius_m.toFixed(0)} m)` : "not known"],
      ["share present", range(r.rho)], ["unrecorded / recorded", range(r.eta)],
      ["declination used", r.declination_deg === null ? "none" : `${r.declination_deg.toFixed(2)}°`],
      ["datum operation", r.datum_operation ? `${r.datum_operation} (± ${r.datum_sigma_m} m)` : "none"],
      ["closure", r.closure_p === null ? "no ring" : `p = ${r.closure_p.toPrecision(2)}`],
      ["IMSMA class", r.imsma_class], ["from", `${r.file}, row ${r.row}, stated by ${r.stated_by}`],
    ];
    for (const [k, v] of rows) dl.append(element("dt", k), element("dd", v));
    const status = element("p");
    status.append(element("strong", r.status.replaceAll("_", " ")), `: ${r.words}`);
    card.replaceChildren(element("h3", `Record ${r.record_id}`), status);
    const bars = document.querySelector(`tr[data-record="${CSS.escape(id)}"] .bar`);
    if (bars) card.append(bars.cloneNode(true));
    for (const [k, v] of Object.entries(r.probabilities)) {
      dl.prepend(element("dt", k.replaceAll("_", " ")), element("dd", percent(v)));
    }
    card.append(dl, ...list("Problems", r.problems), ...list("Assumptions", r.assumptions));
    if (data.simulated) card.append(element("p", "SIMULATED record"));
  }
  for (const node of svg.querySelectorAll(".record")) {
    node.addEventListener("click", () => choose(node.dataset.record, false));
    node.addEventListener("keydown", (e) => {
      if (e.key === "Enter" || e.key === " ") { e.preventDefault(); choose(node.dataset.record, true); }
    });
  }

  // --- table -----------------------------------------------------------------------------------
  const table = document.getElementById("verdicts");
  const body = table.tBodies[0];
  const search = document.getElementById("search"), status = document.getElementById("status");
  const shown = document.getElementById("shown");
  function filter() {
    const words = search.value.trim().toLowerCase();
    let n = 0;
    for (const row of body.rows) {
      const fits = row.textContent.toLowerCase().includes(words)
        && (!status.value || row.dataset.status === status.value);
      row.hidden = !fits;
      n += fits;
    }
    shown.textContent = n ? `${n} of ${body.rows.length} records` : "No record fits; clear the search.";
  }
  search.oninput = filter;
  status.onchange = filter;
  table.tHead.querySelectorAll("button").forEach((button) => {
    button.onclick = () => {
      const th = button.closest("th"), column = th.cellIndex;
      const down = th.getAttribute("aria-sort") === "ascending";
      table.tHead.querySelectorAll("th").forEach((t) => t.removeAttribute("aria-sort"));
      th.setAttribute("aria-sort", down ? "descending" : "ascending");
      const key = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
      const sorted = [...body.rows].sort((a, b) => {
        const x = key(a), y = key(b), n = Number(x) - Number(y);
        return (Number.isNaN(n) ? x.localeCompare(y) : n) * (down ? -1 : 1);
      });
      body.append(...sorted);
    };
  });
  body.addEventListener("click", (e) => {
    const button = e.target.closest("button[data-record]");
    if (!button) return;
    choose(button.dataset.record, true);
    box.scrollIntoView({ block: "center" });
  });
  document.getElementById("csv").onclick = () => {
    const names = ["record_id", "batch_id", "status", "searched_share", "finds_inside", "finds_in_reach", "devices_recorded"];
    const quote = (v) => `"${String(v ?? "").replaceAll('"', '""')}"`;
    const lines = [[...names, "simulated"].join(",")].concat(
      data.records.map((r) => [...names.map((n) => quote(r[n])), data.simulated].join(",")));
    const link = element("a", undefined, { download: "verdicts.csv",
      href: `data:text/csv;charset=utf-8,${encodeURIComponent(lines.join("\n"))}` });
    link.click();
  };
  document.body.classList.add("scripted");
  filter();
  draw();
  window.addEventListener("resize", draw);
})();
