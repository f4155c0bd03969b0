import { expect, test } from 'vitest';
import places from '../../../fixtures/recording/places.json' with { type: 'json' };
import { numberElements, numberOf, ROOT, type Standing } from '../src/places.ts';

interface Made extends Standing {
  tag?: string;
  children: Made[];
}
const make = (tag: string | undefined, children: Made[] = [], shadow?: Made[]): Made => ({ tag, children, ...(shadow && { shadowRoot: { children: shadow } }) });
const numbers = (html: Made) => numberElements(html, ({ tag }) => tag);

test.each(places)('the address "$address" is told by its number, as the recorder and the server tell it', ({ address, element }) => {
  expect(numberOf(address)).toBe(element);
});

test('a number goes on from the one before it', () => {
  expect(numberOf('>p:3', numberOf('body:1>main:1'))).toBe(numberOf('body:1>main:1>p:3'));
  expect(ROOT).toBe(numberOf(''));
});

test('an element is counted among those of its tag, and what was added to the page among none', () => {
  const third = make('p');
  const html = make('html', [make(undefined), make('head'), make('body', [make('main', [make('p'), make(undefined, [make('p')]), make('h1'), make('p'), third])])]);
  const found = numbers(html);
  expect(found.get(numberOf('body:1>main:1>p:3'))).toBe(third);
  expect(found.get(ROOT)).toBe(html);
  expect(found.size).toBe(8);
});

test('in a shadow the address of its host goes before, in shadows of shadows too', () => {
  const deep = make('b');
  const host = make('x-card', [make('p')], [make('style'), make('x-inner', [], [deep])]);
  const found = numbers(make('html', [make('body', [make('x-card'), host])]));
  expect(found.get(numberOf('body:1>x-card:2>>x-inner:1>>b:1'))).toBe(deep);
  expect(found.get(numberOf('body:1>x-card:2>p:1'))).toBe(host.children[0]);
});
