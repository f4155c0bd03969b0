/** An app as many are: React and TanStack's table over Bootstrap's styles. Its orders are the visitor's own, seeded by the host. */

import {
  createColumnHelper,
  flexRender,
  getCoreRowModel,
  getFilteredRowModel,
  getPaginationRowModel,
  getSortedRowModel,
  useReactTable,
} from "@tanstack/react-table";
import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import { draws } from "./random.mjs";

const NAMES = ["Kettle", "Lamp", "Chair", "Desk", "Rug", "Shelf", "Clock", "Vase", "Stool", "Mirror"];
const MAKERS = ["Aalto & Daughters", "Birchwood", "Copper Works", "Dalens", "Elm Street", "Fjord", "Gantry"];
const TOWNS = ["Vienna", "Graz", "Linz", "Salzburg", "Innsbruck", "Klagenfurt", "Bregenz"];
const STATES = ["paid", "packed", "shipped", "returned"];
const COLORS = { paid: "text-bg-primary", packed: "text-bg-info", shipped: "text-bg-success", returned: "text-bg-warning" };
/** So many that whatever is looked for fills more than one page. */
const ORDERS = 600;
const ROWS = 20;
/** The shop goes on while somebody looks. */
const NEWS_MS = 2_000;

function ordersOf(seed) {
  const random = draws(seed);
  const one = (list) => list[Math.floor(random() * list.length)];
  return Array.from({ length: ORDERS }, (_, at) => ({
    number: 10_000 + Math.floor(random() * 90_000),
    name: `${one(NAMES)} ${at}`,
    maker: one(MAKERS),
    town: one(TOWNS),
    state: one(STATES),
    price: Math.floor(random() * 90_000) / 100,
    at: `2026-${1 + Math.floor(random() * 9)}-${1 + Math.floor(random() * 28)}`,
  }));
}

const column = createColumnHelper();
const COLUMNS = [
  column.accessor("number", { header: "No." }),
  column.accessor("name", {
    header: "What",
    cell: (cell) => (
      <a href="#" className="link-primary fw-semibold">
        {cell.getValue()}
      </a>
    ),
  }),
  column.accessor("maker", { header: "Maker" }),
  column.accessor("town", { header: "To" }),
  column.accessor("at", { header: "Ordered" }),
  column.accessor("state", {
    header: "State",
    cell: (cell) => <span className={`badge rounded-pill ${COLORS[cell.getValue()]}`}>{cell.getValue()}</span>,
  }),
  column.accessor("price", {
    header: "Price",
    cell: (cell) => <span className="font-monospace">{cell.getValue().toFixed(2)} €</span>,
  }),
];

function Table({ orders, open }) {
  const [globalFilter, setGlobalFilter] = useState("");
  const [sorting, setSorting] = useState([]);
  const table = useReactTable({
    data: orders,
    columns: COLUMNS,
    state: { globalFilter, sorting },
    onGlobalFilterChange: setGlobalFilter,
    onSortingChange: setSorting,
    initialState: { pagination: { pageSize: ROWS } },
    getCoreRowModel: getCoreRowModel(),
    getFilteredRowModel: getFilteredRowModel(),
    getSortedRowModel: getSortedRowModel(),
    getPaginationRowModel: getPaginationRowModel(),
  });
  return (
    <section>
      <input
        id="filter"
        className="form-control mb-3"
        placeholder="Filter"
        value={globalFilter}
        onChange={(event) => setGlobalFilter(event.target.value)}
      />
      <table className="table table-hover align-middle">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <th key={header.id} id={`by-${header.id}`} role="button" onClick={header.column.getToggleSortingHandler()}>
                  {flexRender(header.column.columnDef.header, header.getContext())}
                  {{ asc: " ↑", desc: " ↓" }[header.column.getIsSorted()] ?? ""}
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="order" onClick={() => open(row.original)}>
              {row.getVisibleCells().map((cell) => (
                <td key={cell.id} className="py-2">
                  {flexRender(cell.column.columnDef.cell, cell.getContext())}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <nav className="d-flex gap-2 align-items-center">
        <button id="before" className="btn btn-outline-secondary" onClick={() => table.previousPage()}>
          Back
        </button>
        <button id="next" className="btn btn-outline-secondary" onClick={() => table.nextPage()}>
          Next
        </button>
        <span>
          Page {table.getState().pagination.pageIndex + 1} of {table.getPageCount()}
        </span>
      </nav>
    </section>
  );
}

function Order({ order, close }) {
  const [note, setNote] = useState("");
  const [saved, setSaved] = useState(false);
  return (
    <section className="card">
      <div className="card-body">
        <h2 className="card-title">{order.name}</h2>
        <dl className="row">
          {Object.entries(order).map(([name, value]) => (
            <div key={name} className="col-6 d-flex gap-2">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <form
          className="vstack gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            setSaved(true);
          }}
        >
          <input id="name" className="form-control" placeholder="Who collects it" />
          <select id="when" className="form-select">
            <option>morning</option>
            <option>noon</option>
            <option>evening</option>
          </select>
          <textarea id="note" className="form-control" rows="3" value={note} onChange={(event) => setNote(event.target.value)} />
          <div className="d-flex gap-2">
            <button id="save" className="btn btn-primary">
              Save
            </button>
            <button id="close" type="button" className="btn btn-link" onClick={close}>
              Close
            </button>
          </div>
          {saved && <div className="alert alert-success">It is saved.</div>}
        </form>
      </div>
    </section>
  );
}

function App() {
  const [, seed] = /-(\d+)\./.exec(location.host) ?? [0, "1"];
  const orders = useMemo(() => ordersOf(Number(seed)), [seed]);
  const [order, setOrder] = useState();
  const [news, setNews] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setNews((count) => count + 1), NEWS_MS);
    return () => clearInterval(timer);
  }, []);
  const go = (next) => {
    history.pushState({}, "", next ? `/orders/${next.number}` : "/orders");
    setOrder(next);
  };
  return (
    <div className="container py-4">
      <nav className="navbar navbar-expand bg-body-tertiary rounded mb-4 px-3">
        <span className="navbar-brand">Orders</span>
        <ul className="navbar-nav">
          {["Orders", "Customers", "Goods", "Reports"].map((name) => (
            <li key={name} className="nav-item">
              <a className="nav-link" href="#">
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="row g-3 mb-4">
        {["Today", "This week", "Open", "Returned"].map((name, at) => (
          <div key={name} className="col">
            <div className="card shadow-sm">
              <div className="card-body">
                <div className="text-secondary">{name}</div>
                <div className="fs-3">{(at + 1) * 37 + (at ? 0 : news)}</div>
              </div>
            </div>
          </div>
        ))}
      </div>
      {order ? <Order order={order} close={() => go()} /> : <Table orders={orders} open={go} />}
    </div>
  );
}

createRoot(document.getElementById("app")).render(<App />);
