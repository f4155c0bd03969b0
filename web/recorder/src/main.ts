/**
 * The recorder, loaded by the tracker where the snippet asks for it. It never breaks the page it is on, writes nothing
 * of a recording to the browser, and sends nothing that has not passed the veil.
 */

import { visitorId } from "../../tracker/src/identity";
import { isSilent } from "../../tracker/src/silence";
import { endpoint, site } from "../../tracker/src/snippet";
import { makeVeil } from "./capture";
import { start } from "./start";

const attributes = document.currentScript!.dataset;

// What fails here is no recording, and none of the page's business.
start({ site, endpoint, attributes, isSilent, visitorId }, makeVeil).catch(() => undefined);
