import { addAll } from '../../../../../meta/lists.ts';
import { parseQuantity } from '../../../../../meta/quantity.ts';
import type { Container, EnvVar, ObjectMeta } from '../../../../schema/types.ts';
import { appArmorPrefix } from '../validate/annotations.ts';

const seccompPrefix = 'container.seccomp.security.alpha.kubernetes.io/';

/**
 * Returns the warnings about containers, each given with its path: old annotations, fractions of bytes, hidden
 * variables.
 */
export function containerWarnings(
  at: string,
  metadata: ObjectMeta,
  containers: [string, Container][],
): string[] {
  const warnings: string[] = [];
  for (const [path, container] of containers) {
    const { name, resources, securityContext: context, env = [] } = container;
    addAll(warnings, seccompWarning(at, name, seccompPrefix, metadata, context));
    addAll(warnings, appArmorWarning(at, name, metadata, !!context?.appArmorProfile));
    for (const list of ['limits', 'requests'] as const) {
      addAll(warnings, fractional(`${path}.resources.${list}`, resources?.[list], ['memory']));
    }
    for (const list of ['limits', 'requests'] as const) {
      addAll(warnings, fractional(`${path}.resources.${list}`, resources?.[list], ['ephemeral-storage']));
    }
    if (env.length > 1) addAll(warnings, hidden(`${path}.env`, env));
  }
  return warnings;
}

/** Returns a warning about an annotation that has no effect any more. */
export function seccompWarning(
  at: string,
  name: string,
  key: string,
  { annotations }: ObjectMeta,
  context: { seccompProfile?: unknown } | undefined,
): string[] {
  if (context?.seccompProfile || annotations?.[`${key}${name}`] === undefined) return [];
  return [
    `${at}metadata.annotations[${key}${name}]: non-functional in v1.27+; use the "seccompProfile" field instead`,
  ];
}

/** Is what is said of an annotation in place of the field. */
export const outdatedProfile = (at: string, container: string): string =>
  `${at}metadata.annotations[${appArmorPrefix}${container}]: deprecated since v1.30; use the "appArmorProfile" field instead`;

/** Of a Pod's own annotation is told before it is validated. */
const appArmorWarning = (
  at: string,
  name: string,
  { annotations }: ObjectMeta,
  hasField: boolean,
): string[] =>
  at === '' || hasField || annotations?.[`${appArmorPrefix}${name}`] === undefined
    ? []
    : [outdatedProfile(at, name)];

const milli = 1_000_000n;

/** Half a byte. */
export function fractional(
  field: string,
  amounts: Record<string, string> | undefined,
  names = ['memory', 'ephemeral-storage'],
): string[] {
  if (!amounts) return [];
  return names.flatMap((name) => {
    const amount = amounts[name];
    if (amount === undefined || ((parseQuantity(amount) ?? 0n) / milli) % 1000n === 0n) return [];
    return [
      `${field}[${name}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`,
    ];
  });
}

/** A variable twice is fine when the later one builds on the earlier. */
function hidden(field: string, env: EnvVar[]): string[] {
  const seen = new Set<string>();
  const warnings: string[] = [];
  for (const [i, { name, value = '', valueFrom }] of env.entries()) {
    const isNew = !seen.has(name);
    seen.add(name);
    if (isNew) continue;
    const own = `$(${name})`;
    if (!valueFrom && value !== own && value.includes(own)) continue;
    warnings.push(
      `${field}[${i}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
    );
  }
  return warnings;
}
