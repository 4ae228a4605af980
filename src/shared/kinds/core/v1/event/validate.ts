import { Buffer } from 'node:buffer';
import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { dns1123SubdomainProblems, qualifiedNameProblems } from '../../../../meta/names.ts';
import type { Event } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';

/** Events of the older form are only checked for their namespace; those with eventTime say who reports what. */
export const validate = (event: Event): Cause[] => validateEvent(event, 'reportingComponent');

/** @param reporterField what the field of the reporter is called in the request. */
export function validateEvent(event: Event, reporterField: string): Cause[] {
  const namespace = event.metadata.namespace ?? '';
  return [
    ...(event.eventTime ? validNewer(event, reporterField) : validNamespace(event)),
    ...checked('namespace', namespace, dns1123SubdomainProblems),
  ];
}

const noMatch = (about: string): Cause[] => [
  invalidValue('involvedObject.namespace', about, 'does not match event.namespace'),
];

function validNamespace({ metadata, involvedObject }: Event): Cause[] {
  const about = involvedObject.namespace ?? '';
  const { namespace = '' } = metadata;
  const matches = about === namespace || (about === '' && namespace === 'default');
  return matches ? [] : noMatch(about);
}

function validNewer(event: Event, reporterField: string): Cause[] {
  const {
    involvedObject,
    metadata,
    reportingComponent: reporter = '',
    reportingInstance: instance = '',
  } = event;
  const { action = '', reason = '', message = '' } = event;
  const causes: Cause[] = [];
  const about = involvedObject.namespace ?? '';
  if (!about && metadata.namespace !== 'default' && metadata.namespace !== 'kube-system') {
    addAll(causes, noMatch(about));
  }
  if (!reporter) causes.push(required(reporterField));
  addAll(causes, checked(reporterField, reporter, qualifiedNameProblems));
  addAll(causes, present('reportingInstance', instance), limited('reportingInstance', instance, 128));
  addAll(causes, present('action', action), limited('action', action, 128));
  addAll(causes, present('reason', reason), limited('reason', reason, 128));
  addAll(causes, limited('message', message, 1024));
  return causes;
}

const present = (field: string, text: string): Cause[] => (text ? [] : [required(field)]);

const limited = (field: string, text: string, most: number): Cause[] =>
  Buffer.byteLength(text) > most ? [invalidValue(field, '', `can have at most ${most} characters`)] : [];
