import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { qualifiedNameProblems } from '../../../../../meta/names.ts';
import type { LabelSelector } from '../../../../schema/types.ts';
import { forbidden, invalidValue } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';

/** Keys whose values are those of the Pod itself. They have become requirements of the selector already. */
export function validMatchLabelKeys(
  at: string,
  match: string[] = [],
  mismatch: string[] = [],
  selector: LabelSelector | undefined,
): Cause[] {
  if (match.length === 0 && mismatch.length === 0) return [];
  const causes = validKeys(`${at}.matchLabelKeys`, match, selector);
  addAll(causes, validKeys(`${at}.mismatchLabelKeys`, mismatch, selector));
  if (selector) {
    const selected = new Set(Object.keys(selector.matchLabels ?? {}));
    for (const { key } of selector.matchExpressions ?? []) {
      const i = match.lastIndexOf(key);
      if (i >= 0 && selected.has(key)) {
        causes.push(invalidValue(`${at}[${i}]`, key, 'exists in both matchLabelKeys and labelSelector'));
      }
      selected.add(key);
    }
  }
  match.forEach((key, i) => {
    if (!mismatch.includes(key)) return;
    const why = 'exists in both matchLabelKeys and mismatchLabelKeys';
    causes.push(invalidValue(`${at}.matchLabelKeys[${i}]`, key, why));
  });
  return causes;
}

function validKeys(field: string, keys: string[], selector: LabelSelector | undefined): Cause[] {
  if (keys.length === 0) return [];
  if (!selector) return [forbidden(field, 'must not be specified when labelSelector is not set')];
  return keys.flatMap((key, i) => checked(`${field}[${i}]`, key, qualifiedNameProblems));
}
