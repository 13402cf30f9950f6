// A table with many columns of words is hard to read on a narrow screen, where it
// slides sideways. Here each value is given its column's name, and the stylesheet
// shows the rows one under the other. The roles keep it a table for those who hear
// it, since some browsers forget that once its parts are no longer laid out as one.
export function stackTables(page) {
  for (const table of page.querySelectorAll(".table-scroll > table")) {
    const heads = [...table.querySelectorAll("thead th")];
    const words = heads.filter((head) => !head.classList.contains("n")).length;
    if (words < 3 && !(words === 2 && heads.length > 3)) continue;
    if (table.querySelectorAll("thead tr").length !== 1) continue;
    stack(table, heads.map((head) => head.textContent.trim()));
  }
}

function stack(table, names) {
  table.setAttribute("role", "table");
  for (const part of table.querySelectorAll("thead, tbody, tfoot")) part.setAttribute("role", "rowgroup");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    for (const cell of row.cells) {
      if (cell.tagName === "TH") {
        cell.setAttribute("role", cell.closest("thead") ? "columnheader" : "rowheader");
        continue;
      }
      cell.setAttribute("role", "cell");
      const name = names[cell.cellIndex] ?? "";
      // “Change” needs no “Change” beside it.
      if (!says(cell, name)) cell.dataset.column = name;
    }
  }
  table.classList.add("stack-table");
}

/** Whether all there is in a cell is an act that says what the column's name does. */
function says(cell, name) {
  const act = cell.querySelector("a, button");
  if (!act || cell.textContent.trim() !== act.textContent.trim()) return false;
  return name === "Act" || act.firstChild?.textContent.trim() === name;
}
