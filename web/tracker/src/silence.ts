/** When nothing is sent. It is asked before every single send, so an opt-out counts from the moment it is made. */

import { recall } from "./storage";
import { signals } from "./snippet";

/** Marks that browsers and drivers leave when a program, not a person, turns the pages. */
const automation = window as unknown as Record<"_phantom" | "__nightmare" | "Cypress", unknown>;

export function isSilent(): unknown {
  return (
    location.protocol == "file:" ||
    navigator.webdriver ||
    automation._phantom ||
    automation.__nightmare ||
    automation.Cypress ||
    recall((storage) => storage.candor_ignore == "true") ||
    (signals != "ignore" &&
      ((navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl || navigator.doNotTrack == "1"))
  );
}
