import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123LabelProblems } from '../../../../meta/names.ts';
import { validResources } from '../../../core/v1/pod/validate/resources.ts';
import { validTolerations } from '../../../core/v1/pod/validate/tolerations.ts';
import type { RuntimeClass, Scheduling, Toleration } from '../../../schema/types.ts';
import { duplicate } from '../../../validation/causes.ts';
import { validLabels } from '../../../validation/labels.ts';
import { checked, immutable } from '../../../validation/rules.ts';

export function validate({ handler, overhead, scheduling }: RuntimeClass, old?: RuntimeClass): Cause[] {
  if (old) return immutable('handler', handler, old.handler);
  return [
    ...checked('handler', handler, dns1123LabelProblems),
    ...(overhead ? validResources('overhead', { limits: overhead.podFixed }, []) : []),
    ...(scheduling ? validScheduling('scheduling', scheduling) : []),
  ];
}

const validScheduling = (field: string, { nodeSelector, tolerations = [] }: Scheduling): Cause[] => [
  ...validLabels(`${field}.nodeSelector`, nodeSelector),
  ...validTolerations(`${field}.tolerations`, tolerations),
  ...repeated(`${field}.tolerations`, tolerations),
];

function repeated(field: string, tolerations: Toleration[]): Cause[] {
  const seen = new Set<string>();
  return tolerations.flatMap((toleration, i) => {
    const { key, operator, value, effect } = toleration;
    const text = JSON.stringify([key, operator, value, effect]);
    const isRepeated = seen.has(text);
    seen.add(text);
    return isRepeated ? [duplicate(`${field}[${i}]`, toleration)] : [];
  });
}
