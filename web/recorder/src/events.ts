/**
 * Hears which events the page sends by the tracker: those that its own program names, and those that a click or a form is
 * marked with. The tracker knows nothing of it, and what the page calls does as before.
 */

type Candor = (...command: [what: string, name: string, ...more: unknown[]]) => void;

export function hearEvents(named: (name: string) => void, on: (type: string, hear: (event: Event) => unknown) => void): void {
  const page = window as { candor?: Candor };
  const { candor } = page;
  try {
    if (candor) {
      const heard: Candor = (...command) => {
        candor(...command);
        if (command[0] === "event") named(command[1]);
      };
      page.candor = Object.assign(heard, candor);
    }
  } catch {
    // A page that keeps its own hands on it is recorded all the same.
  }
  const hear = (event: Event) => {
    const marked = (event.composedPath() as HTMLElement[]).find(
      ({ dataset, tagName }) => dataset?.candorEvent && (tagName === "FORM") === (event.type === "submit"),
    );
    if (marked && !(event as MouseEvent).button) named(marked.dataset.candorEvent!);
  };
  on("click", hear);
  on("submit", hear);
}
