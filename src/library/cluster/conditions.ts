import type { KubeObject } from '../types.ts';

/** Describes whether an object, or its absence, is what is waited for; `text` is what errors call it. */
export interface Wanted {
  text: string;
  holds(object: KubeObject | undefined): boolean;
}

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  observedGeneration?: number;
}

/** Returns what `waitFor` was told to wait for. Throws when the text is no condition. */
export function wantedOf(wanted: string | ((object: never) => boolean)): Wanted {
  if (typeof wanted === 'function')
    return {
      text: 'as wanted',
      holds: (object) => object !== undefined && Boolean(wanted(object as never)),
    };
  if (wanted === 'deleted') return { text: 'gone', holds: (object) => object === undefined };
  if (wanted === 'exists') return { text: 'there', holds: (object) => object !== undefined };
  const [type, status, ...rest] = wanted.split('=');
  if (!/^[A-Za-z][\w./-]*$/.test(type ?? '') || rest.length)
    throw new Error(
      `waitFor takes a condition such as Available or Ready=False, exists, deleted, or a function; not ${JSON.stringify(wanted)}`,
    );
  return conditionHolds(type!, status);
}

/** Status texts and types are compared as `kubectl wait` does: letters of either case, and never of an older generation. */
export const conditionHolds = (type: string, status = 'True'): Wanted => ({
  text: status.toLowerCase() === 'true' ? type : `${type}=${status}`,
  holds: (object) =>
    conditionsOf(object).some(
      (condition) =>
        condition.type.toLowerCase() === type.toLowerCase() &&
        condition.status.toLowerCase() === status.toLowerCase() &&
        isCurrent(condition, object),
    ),
});

const conditionsOf = (object: KubeObject | undefined): Condition[] =>
  (object?.status as { conditions?: Condition[] } | undefined)?.conditions ?? [];

function isCurrent({ observedGeneration }: Condition, object: KubeObject | undefined): boolean {
  const { generation } = (object?.metadata ?? {}) as { generation?: number };
  const status = object?.status as { observedGeneration?: number } | undefined;
  const observed = observedGeneration ?? status?.observedGeneration;
  return generation === undefined || observed === undefined || observed >= generation;
}

/** Returns what an object is like, for somebody who waited in vain: its phase and conditions, else its status. */
export function describedState(object: KubeObject | undefined): string {
  if (!object) return 'it is not there';
  const { phase } = (object.status ?? {}) as { phase?: string };
  const conditions = conditionsOf(object).map(
    ({ type, status, reason, message }) =>
      `${type}=${status}${reason ? ` (${reason}${message ? `: ${message}` : ''})` : ''}`,
  );
  const told = [...(phase ? [`phase ${phase}`] : []), ...conditions];
  if (told.length) return `it has ${told.join(', ')}`;
  return object.status ? `its status is ${JSON.stringify(object.status).slice(0, 500)}` : 'it has no status';
}
