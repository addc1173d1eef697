(function () {
  "use strict";
  var words = new Intl.Collator("en", { numeric: true });

  // A cell is a number when, less its unit and its bound, nothing else is left.
  function worth(cell) {
    var text = cell.textContent.trim();
    if (text === "" || text === "–") { return null; }
    if (/^\d{4}-\d\d-\d\d/.test(text)) { return text; }
    var bare = text.replace(/[\s,%≤<>+±]/g, "").replace(/−/g, "-");
    return bare !== "" && isFinite(bare) ? Number(bare) : text;
  }

  function order(a, b) {
    if (typeof a === "number" && typeof b === "number") { return a - b; }
    return words.compare(String(a), String(b));
  }

  function sort(table, column, head) {
    var up = head.getAttribute("aria-sort") !== "ascending";
    var body = table.tBodies[0];
    var rows = Array.from(body.rows).map(function (row) {
      return { row: row, key: worth(row.cells[column]) };
    });
    // What is missing comes last, whichever way.
    rows.sort(function (a, b) {
      if (a.key === null || b.key === null) { return (a.key === null) - (b.key === null); }
      return up ? order(a.key, b.key) : order(b.key, a.key);
    });
    rows.forEach(function (one) { body.appendChild(one.row); });
    table.querySelectorAll("th[aria-sort]").forEach(function (th) {
      th.removeAttribute("aria-sort");
    });
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
  }

  document.querySelectorAll("table.sortable").forEach(function (table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", function () { sort(table, column, head); });
      head.textContent = "";
      head.appendChild(button);
    });
  });
})();
