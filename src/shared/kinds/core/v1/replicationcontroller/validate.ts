import type { Cause } from '../../../../errors/apiError.ts';
import { ownValue } from '../../../../meta/table.ts';
import { validStatus } from '../../../apps/v1/replicaset/validate.ts';
import { validPodsOfTemplate } from '../../../apps/v1/template.ts';
import type { ReplicationController } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { nonNegative } from '../../../validation/rules.ts';

export function validate({ spec = {} }: ReplicationController): Cause[] {
  const { minReadySeconds, replicas, selector = {}, template } = spec;
  const at = 'spec.template';
  const wanted = Object.entries(selector);
  const causes = [
    ...nonNegative('spec.minReadySeconds', minReadySeconds),
    ...(wanted.length === 0 ? [required('spec.selector')] : []),
    ...nonNegative('spec.replicas', replicas),
  ];
  if (!template) return [...causes, required(at)];
  const labels = template.metadata?.labels;
  if (!wanted.every(([key, value]) => ownValue(labels, key) === value)) {
    const why = '`selector` does not match template `labels`';
    causes.push(invalidValue(`${at}.metadata.labels`, labels, why));
  }
  return [...causes, ...validPodsOfTemplate(at, template, 'ReplicationController')];
}

export const validateStatus = ({ status }: ReplicationController): Cause[] => validStatus(status);
