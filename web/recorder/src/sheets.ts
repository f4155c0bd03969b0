/** Changes of style sheets by program: each rule and value through the same reader as every other style. */

import { type CssJudge, NO_RULE, veilRule, veilSheet, veilValue } from "./css";
import { LIMITS } from "./dialect";
import { isNumber } from "./nodes";
import type { RawAdopted, RawDeclaration, RawRule, RawSheetRules } from "./raw";
import type { Tree } from "./tree";

type Index = number | number[];

/** The sheet that is meant: of an element that was sent, or one that belongs to none. */
function owner({ id, styleId }: { id?: number; styleId?: number }, tree: Tree): object | undefined {
  if (isNumber(id) && tree.get(id)) return { id };
  return !id && isNumber(styleId) ? { styleId } : undefined;
}

export function veilRules(data: RawSheetRules, tree: Tree, judge: CssJudge): object | undefined {
  const owned = owner(data, tree);
  if (!owned) return undefined;
  const adds = data.adds?.map((rule) => veilAdded(rule, judge));
  const removes = data.removes?.filter(({ index }) => isIndex(index)).map(({ index }) => ({ index }));
  return {
    source: data.source,
    ...owned,
    ...(removes && { removes }),
    ...(adds && { adds }),
    ...(typeof data.replace === "string" && { replace: veilSheet(cut(data.replace), judge) }),
    ...(typeof data.replaceSync === "string" && { replaceSync: veilSheet(cut(data.replaceSync), judge) }),
  };
}

export function veilDeclaration(data: RawDeclaration, tree: Tree, judge: CssJudge): object | undefined {
  const owned = owner(data, tree);
  if (!owned || !isIndex(data.index)) return undefined;
  const { set, remove } = data;
  const named = set?.property ?? remove?.property;
  if (typeof named !== "string" || !isName(named, judge)) return undefined;
  const head = { source: data.source, ...owned, index: data.index };
  if (!set) return { ...head, remove: { property: named } };
  const value = typeof set.value === "string" ? veilValue(named, set.value, judge) : null;
  if (value === undefined) return undefined;
  return { ...head, set: { property: named, value, priority: set.priority === "important" ? "important" : "" } };
}

export function veilAdopted({ source, id, styleIds, styles }: RawAdopted, tree: Tree, judge: CssJudge): object | undefined {
  if (!tree.get(id) || !styleIds.every(isNumber)) return undefined;
  return {
    source,
    id,
    styleIds: [...styleIds],
    ...(styles && {
      styles: styles
        .filter(({ styleId }) => isNumber(styleId))
        .map(({ styleId, rules }) => ({ styleId, rules: rules.map((rule) => veilAdded(rule, judge)) })),
    }),
  };
}

function veilAdded({ rule, index }: RawRule, judge: CssJudge): object {
  const text = typeof rule === "string" && rule.length <= LIMITS.attribute_bytes ? veilRule(rule, judge) : NO_RULE;
  return { rule: text, ...(index !== undefined && isIndex(index) && { index }) };
}

const isName = (name: string, judge: CssJudge): boolean => (name.startsWith("--") ? judge.isClean(name) : judge.isProperty(name));

const isIndex = (index: Index): boolean => (Array.isArray(index) ? index.every(isNumber) : isNumber(index));

const cut = (sheet: string): string => (sheet.length * 3 <= LIMITS.sheet_bytes ? sheet : "");
