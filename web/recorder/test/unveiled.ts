/** The recorder without its veil, for the tests that must see something leak. It is never part of a build. */

import { visitorId } from "../../tracker/src/identity";
import { isSilent } from "../../tracker/src/silence";
import { endpoint, site } from "../../tracker/src/snippet";
import type { MakeVeil } from "../src/capture";
import type { RawEvent } from "../src/raw";
import { start } from "../src/start";
import { shape } from "./shaped";

const attributes = document.currentScript!.dataset;
const none: MakeVeil = () => ({ entered: () => undefined, address: (href) => href, pass: passAll });

function* passAll(event: RawEvent) {
  const shaped = shape(event);
  if (shaped) yield shaped;
}

start({ site, endpoint, attributes, isSilent, visitorId }, none).catch(() => undefined);
