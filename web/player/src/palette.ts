/** The colours of a heatmap from nothing to most. Each is lighter than the one before it, so that no hue has to be told apart. */

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

const COLOURS: readonly Colour[] = [
  [38, 64, 190, 0],
  [58, 74, 214, 0.5],
  [122, 58, 206, 0.62],
  [196, 56, 150, 0.72],
  [236, 88, 84, 0.8],
  [250, 152, 44, 0.86],
  [255, 226, 92, 0.92],
];

/** Of a share from 0 to 1. */
export function colourOf(share: number): Colour {
  const at = Math.min(1, Math.max(0, share)) * (COLOURS.length - 1);
  const below = Math.min(COLOURS.length - 2, Math.floor(at));
  const [from, to] = [COLOURS[below]!, COLOURS[below + 1]!];
  return from.map((each, part) => each + (to[part]! - each) * (at - below)) as unknown as Colour;
}

export const cssOf = ([red, green, blue, alpha]: Colour): string => `rgb(${red} ${green} ${blue} / ${alpha})`;

/** What is little is to be seen beside what is most: a quarter of the most stands in the middle. */
export const shareOf = (value: number, most: number): number => (most > 0 ? Math.sqrt(Math.max(0, value) / most) : 0);
export const amountOf = (share: number, most: number): number => share * share * most;
