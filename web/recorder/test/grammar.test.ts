// Values that may stand in an attribute or a style, and values that only look like it.

import { expect, test } from "vitest";
import { NO_RULE, veilDeclarations, veilRule, veilSheet } from "../src/css";
import { veilAttribute } from "../src/grammar";

const judge = {
  sheets: new Map<string, string>(),
  isClean: () => true,
  isProperty: (name: string, value = "inherit") =>
    name !== "canary" && /^(?:inherit|none|solid|red|blue|green|teal|black|white)$/i.test(value),
};
const sheet = (text: string) => veilSheet(text, judge);

test.each([
  ["length", ["12", "1.5em", "100%", "auto", "-3px"], ["12canary", "calc(1px)", "1 2", ""]],
  ["number", ["0", "-1.5", "2e3"], ["Infinity", "0x10", "1px", "12345678901234567890123"]],
  ["numbers", ["0 0 24 24", "1,2 3,4"], ["0 0 canary", "1px"]],
  ["path", ["M12 2L2 7l10 5z", "M1,1 h-5.5e1V0Z"], ["mclassqt", "M1 1 canary", "z1"]],
  ["transform", ["translate(1,2) rotate(45)"], ["url(1)", "translate(x)", "canary(1)"]],
  ["color", ["#fff", "red", "rgba(1, 2, 3, .5)", "RED"], ["canary", "#ggg", "url(#a)", "rgb(canary)"]],
  ["token", ["main-1"], ["a b", 'a"b', "ä"]],
  ["fragment", ["#icon-a"], ["x.svg#a", "#a b"]],
  ["pixels", ["12px", "12.5px"], ["12", "1em"]],
  ["language", ["de", "de-AT"], ["canary", "d"]],
  ["media", ["screen and (min-width: 100px)"], ['"canary"', "a;b"]],
  ["namespace", ["http://www.w3.org/2000/svg"], ["http://canary.org"]],
  ["enum:a|b", ["a"], ["c", "a|b"]],
])("%s", (grammar, fit, unfit) => {
  for (const value of fit) expect(veilAttribute(grammar, value, judge), value).toBe(value);
  for (const value of unfit) expect(veilAttribute(grammar, value, judge), value).toBeUndefined();
});

test("a path with many numbers is read in one go", () => {
  const long = `M${"1".repeat(4_000)}!`;
  const begun = performance.now();
  expect(veilAttribute("path", long, judge)).toBeUndefined();
  expect(performance.now() - begun).toBeLessThan(1_000);
});

test("an unknown grammar lets nothing through, a flag is empty, a mask is the constant", () => {
  expect(veilAttribute("poem", "x", judge)).toBeUndefined();
  expect(veilAttribute("flag", "canary", judge)).toBe("");
  expect(veilAttribute("mask", "canary", judge)).toBe("***");
  expect(veilAttribute("class", 'a "b md:w-1/2 <c>', judge)).toBe("a md:w-1/2");
});

test.each([
  ["a{color:red}", "a{color:red}"],
  ['.a > b:not(.c)::before{content:"→";margin:0 auto!important}', '.a > b:not(.c)::before{content:"→";margin:0 auto!important}'],
  ['input[type="text"]{color:red}', "input[type=text]{color:red}"],
  ["@media (min-width:10px){a{color:red}}", "@media (min-width:10px){a{color:red}}"],
  ["@keyframes spin{from{opacity:0}50%{opacity:.5}}", "@keyframes spin{from{opacity:0}50%{opacity:.5}}"],
  ['a{font-family:"Open Sans",serif}', "a{font-family:Open Sans,serif}"],
  ["a{background:#fff url(x.png)}", "a{background:#fff none}"],
  ['a{fill:url("#grad")}', "a{fill:url(#grad)}"],
  ["a{--c:rgb(1 2 3/.5);--w:calc(1px + var(--x));--d:red}", "a{--c:rgb(1 2 3/.5);--w:calc(1px + var(--x));--d:red}"],
  [".md\\:w-1\\/2{width:50%}", ".md\\:w-1\\/2{width:50%}"],
  ["a{&:hover{color:red}color:blue}", "a{&:hover{color:red};color:blue}"],
  [":root,[data-x=canary],.b:is(a,i){color:red}", ":root,.b:is(a,i){color:red}"],
  [
    'a{--b:1px solid red;--t:translate(1px) rotate(1turn);--i:"→";--p:url(canary.png);--e:}',
    'a{--b:1px solid red;--t:translate(1px) rotate(1turn);--i:"→";--p:none;--e:}',
  ],
  ['a{--f:system-ui,"Segoe UI",Roboto,sans-serif,"Noto Emoji"}', "a{--f:system-ui,Segoe UI,Roboto,sans-serif,Noto Emoji}"],
  [
    "a{grid-column:1/span 2;grid-template-columns:auto minmax(0,1fr) max-content}",
    "a{grid-column:1/span 2;grid-template-columns:auto minmax(0,1fr) max-content}",
  ],
  [
    '@property --b { syntax: "<length> | <color>"; inherits: false; initial-value: solid; }',
    '@property --b{syntax:"<length> | <color>";inherits:false;initial-value:solid}',
  ],
  [
    "a[aria-current=page],[data-theme=dark] b,c[data-v-0a1b2c3d]{color:red}",
    "a[aria-current=page],[data-theme=dark] b,c[data-v-0a1b2c3d]{color:red}",
  ],
  ["a{--c:color-mix(in srgb,red,var(--d) 20%)}", "a{--c:color-mix(in srgb,red,var(--d) 20%)}"],
  ['[class*=" col-"]{color:red}', "[class*=col-]{color:red}"],
])("the rule %s stays", (rule, written) => expect(sheet(rule)).toBe(written));

test.each([
  'input[value^="canary"]{color:red}',
  "input[data-x=canary]{color:red}",
  "@import url(https://x.org/canary.css);",
  "@font-face{font-family:canary;src:url(x)}",
  'a:is("canary"){color:red}',
  ".größe{color:red}",
])("the rule %s leaves an empty one in its place", (rule) => {
  expect(sheet(`b{color:red}${rule}i{color:red}`)).toBe(`b{color:red}\n${NO_RULE}\ni{color:red}`);
});

test.each([
  'content:"canary"',
  'content:"\\63 anary"',
  "--v:canary",
  '--v:"canary"',
  "--v:solid canary",
  "--v:canary,red",
  '--v:"canary canary",red',
  "--v:canary(1px)",
  "--v:serif canary(1)",
  "grid-template-areas:'canary 字'",
  "grid-template-areas:'4711'",
  "syntax:'canary'",
  "syntax:'<canary>'",
  "inherits:canary",
  "initial-value:canary",
  "canary:red",
  "width:1canary",
  "background:src(canary)",
  "mask:url(https://x.org/canary)",
  "cursor:url(data:canary),auto",
])("the declaration %s goes and those beside it stay", (declaration) => {
  expect(veilDeclarations(`color:red;${declaration};top:0`, judge)).toBe("color:red;top:0");
});

test("areas of a grid are called by numbers, the same in every rule", () => {
  const written = sheet('a{grid-template-areas:"canary canary" "side . "}b{grid-area:canary}i{grid-row:side-start/canary-end}');
  const [, one, other] = /"(a\d+) a\d+" "(a\d+) \. "/.exec(written)!;
  expect(written).toContain(`b{grid-area:${one}}\ni{grid-row:${other}-start/${one}-end}`);
  expect(written).not.toContain("canary");
});

test("comments go, and what does not cut cleanly goes whole", () => {
  expect(veilDeclarations("color:/*canary*/red", judge)).toBe("color: red".replace(" ", ""));
  expect(veilDeclarations('color:red;content:"canary', judge)).toBe("");
  expect(veilDeclarations("color:red/*canary", judge)).toBe("");
});

test("one rule is one rule", () => {
  expect(veilRule("a{color:red}", judge)).toBe("a{color:red}");
  expect(veilRule("a{color:red}b{color:red}", judge)).toBe(NO_RULE);
  expect(veilRule("", judge)).toBe(NO_RULE);
});
