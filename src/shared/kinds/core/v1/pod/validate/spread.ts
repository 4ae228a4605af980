import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import type { TopologySpreadConstraint } from '../../../../schema/types.ts';
import { duplicate, invalidValue, notSupported, required } from '../../../../validation/causes.ts';
import { validSelector } from '../../../../validation/labels.ts';
import { greaterThanZero } from '../../../../validation/rules.ts';
import { validMatchLabelKeys } from './matchLabelKeys.ts';

const actions = ['DoNotSchedule', 'ScheduleAnyway'];

/** Returns what is wrong with topology spread constraints; no two may agree in key and action. */
export function validSpread(field: string, constraints: TopologySpreadConstraint[]): Cause[] {
  const last = new Map(constraints.map((constraint, i) => [identity(constraint), i]));
  return constraints.flatMap((constraint, i) => {
    const at = `${field}[${i}]`;
    const { maxSkew, topologyKey, whenUnsatisfiable: action, minDomains } = constraint;
    const causes = greaterThanZero(`${at}.maxSkew`, maxSkew);
    if (!topologyKey) causes.push(required(`${at}.topologyKey`, 'can not be empty'));
    if (!actions.includes(action)) causes.push(notSupported(`${at}.whenUnsatisfiable`, action, actions));
    if (last.get(identity(constraint)) !== i)
      causes.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${action}}`));
    if (minDomains !== undefined) addAll(causes, validMinDomains(`${at}.minDomains`, minDomains, action));
    for (const name of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[name];
      if (policy === undefined || policy === 'Honor' || policy === 'Ignore') continue;
      causes.push(notSupported(`${at}.${name}`, policy, ['Honor', 'Ignore']));
    }
    addAll(causes, validMatchLabelKeys(at, constraint.matchLabelKeys, undefined, constraint.labelSelector));
    return [...causes, ...validSelector(`${at}.labelSelector`, constraint.labelSelector)];
  });
}

const identity = ({ topologyKey, whenUnsatisfiable }: TopologySpreadConstraint) =>
  JSON.stringify([topologyKey, whenUnsatisfiable]);

function validMinDomains(field: string, minDomains: number, action: string): Cause[] {
  const causes = greaterThanZero(field, minDomains);
  if (action === 'DoNotSchedule') return causes;
  const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`;
  return [...causes, invalidValue(field, minDomains, why)];
}
