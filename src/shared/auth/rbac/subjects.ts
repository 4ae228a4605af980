import type { Subject } from '../../kinds/schema/types.ts';
import type { User } from '../user.ts';

/** Under which a binding's subject is found; undefined when it can be nobody. `namespace` is that of the binding. */
export function subjectKey({ kind, name, namespace: own }: Subject, namespace: string): string | undefined {
  if (kind === 'User') return userKey(name);
  if (kind === 'Group') return groupKey(name);
  const place = own || namespace;
  if (kind !== 'ServiceAccount' || !place) return undefined;
  return userKey(`system:serviceaccount:${place}:${name}`);
}

/** Everything that a binding can name this user by. */
export const keysOf = ({ name, groups }: User): string[] => [userKey(name), ...groups.map(groupKey)];

const userKey = (name: string) => `u:${name}`;
const groupKey = (name: string) => `g:${name}`;

/** As a real server tells what allowed a request. It writes accounts the wrong way round, and so do we. */
export function describedSubject({ kind, name, namespace: own }: Subject, namespace: string): string {
  const place = own || namespace;
  return `${kind} ${JSON.stringify(kind === 'ServiceAccount' ? `${name}/${place}` : name)}`;
}
