/** Areas of a grid are told apart by numbers: what a page calls them is a string. */

/** Properties that name areas. */
export const AREAS = /^grid(?:-template(?:-areas)?|-(?:area|row|column)(?:-start|-end)?)?$/;
const AREA =
  /(?<![\w-])(?!(?:auto|span|none|subgrid|dense|inherit|initial|unset|revert|auto-fi\w+|m\w+-content)(?![\w-]))([a-z_][\w-]*?)(-start|-end)?(?![\w-])/gi;
const AREAS_MAX = 900;
const areas = new Map<string, number>();

export const numberAreas = (text: string): string =>
  text.replace(AREA, (_, name: string, side = "") => {
    if (areas.size > AREAS_MAX) areas.clear();
    if (!areas.has(name)) areas.set(name, areas.size);
    return `a${areas.get(name)}${side}`;
  });
