/** Every text colour must be readable on every ground in both themes, and every control's edge must be seen. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('../src/ui/tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--color-([a-z-]+): light-dark\(oklch\(([\d. ]+)\), oklch\(([\d. ]+)\)\)/g)].map(([, name, light, dark]) => [
    name!,
    { light: luminance(light!), dark: luminance(dark!) },
  ]),
);

/** WCAG's relative luminance of an OKLCH colour, by way of linear sRGB. */
function luminance(oklch: string): number {
  const [lightness = 0, chroma = 0, hue = 0] = oklch.split(' ').map(Number);
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
  const green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
  const blue = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return 0.2126 * clip(red) + 0.7152 * clip(green) + 0.0722 * clip(blue);
}

function contrast(one: string, other: string, theme: 'light' | 'dark'): number {
  const [a, b] = [tokens.get(one)![theme], tokens.get(other)![theme]];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const GROUNDS = ['paper', 'raised', 'wash'];
const pairs = (names: string[], grounds: string[]) =>
  names.flatMap((name) =>
    grounds.flatMap((ground) => (['light', 'dark'] as const).map((theme) => [name, ground, theme] as const)),
  );

test.each([
  ...pairs(['ink', 'soft', 'faint', 'accent', 'good', 'warn', 'bad'], GROUNDS),
  ...pairs(['on-accent'], ['accent']),
  ...pairs(['ink'], ['accent-wash', 'warn-wash', 'bad-wash']),
])('%s can be read on %s in the %s theme', (text, ground, theme) => {
  expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
});

test.each(pairs(['edge', 'accent'], GROUNDS))('%s can be seen on %s in the %s theme', (line, ground, theme) => {
  expect(contrast(line, ground, theme)).toBeGreaterThanOrEqual(3);
});
