import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../meta/names.ts';
import type { FlowcontrolV1Subject, ServiceAccountSubject } from '../../../schema/types.ts';
import { forbidden, notSupported, required } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';

const fields = { Group: 'group', ServiceAccount: 'serviceAccount', User: 'user' } as const;
type SubjectKind = keyof typeof fields;
/** Is what else Kubernetes looks for, in its order. */
const others: Record<SubjectKind, SubjectKind[]> = {
  ServiceAccount: ['User', 'Group'],
  User: ['ServiceAccount', 'Group'],
  Group: ['ServiceAccount', 'User'],
};

const isKnown = (kind: string): kind is SubjectKind => Object.hasOwn(fields, kind);

/** Returns what is wrong with a subject: it has exactly one of the three parts, the one that `kind` names. */
export function validSubject(at: string, subject: FlowcontrolV1Subject): Cause[] {
  const { kind } = subject;
  if (!isKnown(kind)) return [notSupported(`${at}.kind`, kind, Object.keys(fields))];
  return [
    ...validOfKind(at, kind, subject),
    ...others[kind]
      .filter((other) => subject[fields[other]])
      .map((other) => {
        const field = fields[other];
        return forbidden(`${at}.${field}`, `${field} is forbidden when subject kind is not '${other}'`);
      }),
  ];
}

function validOfKind(at: string, kind: SubjectKind, subject: FlowcontrolV1Subject): Cause[] {
  const field = fields[kind];
  const named = subject[field];
  if (!named) return [required(`${at}.${field}`, `${field} is required when subject kind is '${kind}'`)];
  if (subject.serviceAccount && kind === 'ServiceAccount')
    return validAccount(`${at}.${field}`, subject.serviceAccount);
  return named.name ? [] : [required(`${at}.${field}.name`)];
}

function validAccount(at: string, { name, namespace }: ServiceAccountSubject): Cause[] {
  const causes = name
    ? name === '*'
      ? []
      : checked(`${at}.name`, name, dns1123SubdomainProblems)
    : [required(`${at}.name`)];
  return [
    ...causes,
    ...(namespace
      ? checked(`${at}.namespace`, namespace, dns1123LabelProblems)
      : [required(`${at}.namespace`, 'must specify namespace for service account')]),
  ];
}
