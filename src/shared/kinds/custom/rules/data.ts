import { step } from '../../../cel/values/steps.ts';

/** Returns whether two pieces of data are the same. */
export function sameData(left: unknown, right: unknown): boolean {
  step();
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) || Array.isArray(right))
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((element, index) => sameData(element, right[index]))
    );
  const [own, its] = [left, right] as Record<string, unknown>[] as [
    Record<string, unknown>,
    Record<string, unknown>,
  ];
  const names = Object.keys(own);
  return (
    names.length === Object.keys(its).length &&
    names.every((name) => Object.hasOwn(its, name) && sameData(own[name], its[name]))
  );
}
