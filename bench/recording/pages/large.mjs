/**
 * A page of 10,000 nodes that changes 200 times a second once it is told to: texts, classes, styles, and rows that come and
 * go, ten changes every fiftieth of a second.
 */

export const NODES = 10_000;
export const CHANGES_A_SECOND = 200;
const NODES_A_ROW = 10;
const TICK_MS = 50;

const row = (at) =>
  `<tr id="r${at}"><td class="a">${at}</td><td class="b">price <b>${at * 7}</b></td><td class="c" style="width: ${at % 90}px">open</td></tr>`;

export const large = (head) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Prices</title>
<style>td { padding: 2px 6px } .up { color: green } .down { color: red }</style>${head}</head><body><table><tbody id="rows">
${Array.from({ length: NODES / NODES_A_ROW }, (_, at) => row(at)).join("")}</tbody></table>
<script>
  const rows = document.getElementById("rows");
  const changes = [
    (row, n) => row.querySelector("b").firstChild.data = n,
    (row, n) => row.className = n % 2 ? "up" : "down",
    (row, n) => row.lastElementChild.style.width = n % 90 + "px",
    (row, n) => { const made = row.cloneNode(true); made.firstElementChild.textContent = "new " + n; row.replaceWith(made); },
  ];
  let count = 0;
  window.begin = () => setInterval(() => {
    for (let at = 0; at < ${(CHANGES_A_SECOND * TICK_MS) / 1_000}; at++, count++) changes[count % 4](rows.children[count * 17 % rows.children.length], count);
  }, ${TICK_MS});
</script></body></html>`;
