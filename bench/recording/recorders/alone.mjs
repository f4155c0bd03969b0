/** rrweb alone: its events are made and let go of. */

import { record } from "@rrweb/record";

let events = [];
record({ emit: (event) => events.push(event) });
setInterval(() => {
  events = [];
}, 5_000);
