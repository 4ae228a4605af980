import { table } from '../shared/meta/table.ts';
import { nearest } from './nearest.ts';

/** Verbs of kubectl that shallop does not have. */
const ofKubectl = [
  'api-versions',
  'autoscale',
  'certificate',
  'config',
  'expose',
  'kustomize',
  'plugin',
  'replace',
  'taint',
];

/** Names that other tools have for verbs of shallop. */
const otherNames: Record<string, string> = table({
  start: 'up',
  stop: 'down',
  serve: 'up',
  ps: 'get pods',
  rm: 'delete',
});

/** Returns the error for an unknown verb: a suggestion, or the kubectl command to use. */
export function unknownVerb(name: string, rest: string[], verbs: string[]): string[] {
  const unknown = `error: unknown command "${name}" for "shallop"`;
  if (ofKubectl.includes(name))
    return [unknown, `kubectl does it, with the same context: ${['kubectl', name, ...rest].join(' ')}`];
  const near = nearest(name, [...verbs, ...Object.keys(otherNames), ...ofKubectl]);
  const meant = near && new Map(Object.entries(otherNames)).get(near);
  const hint = near
    ? `; did you mean "${meant ?? (ofKubectl.includes(near) ? `kubectl ${near}` : near)}"?`
    : '';
  return [`${unknown}${hint}`, "Run 'shallop help' for usage."];
}
