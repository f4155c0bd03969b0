/** A page that the browser prerenders and then shows, by the page's own doing, because no driver may watch it. */

import { openAlone } from "./browser";
import { Internet } from "./internet";
import { until } from "./waiting";
import { DOCS, SNIPPETS } from "./world";

const PRERENDERED = "note.example/loaded-in-prerender";
const GO = "note.example/go";

/** Lets the browser prerender `/about.html` from `/index.html` and go there. */
export async function visitPrerendered(server: string, address: string): Promise<{ internet: Internet; toldBefore: number }> {
  const internet = await Internet.open(server, address, SNIPPETS);
  internet.additions["/index.html"] = `
    <script type="speculationrules">{"prerender": [{"urls": ["/about.html"], "eagerness": "immediate"}]}</script>
    <script>
      (async function go() {
        const answer = await fetch("http://${GO}");
        if ((await answer.text()) == "go") location.href = "/about.html";
        else setTimeout(go, 50);
      })();
    </script>`;
  internet.additions["/about.html"] = `
    <script>
      addEventListener("load", () => setTimeout(() => {
        fetch("http://note.example/loaded-in-" + (document.prerendering ? "prerender" : "sight"));
      }));
    </script>`;
  try {
    let toldBefore = -1;
    await openAlone(internet.port, `http://${DOCS}/index.html`, async () => {
      await internet.hears("pageview");
      await until("the page to be prerendered", () => internet.asked.includes(PRERENDERED));
      toldBefore = internet.heard.length;
      internet.answers[GO] = "go";
      await internet.hears("pageview", 2);
    });
    return { internet, toldBefore };
  } finally {
    internet.close();
  }
}
