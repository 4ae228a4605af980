import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../meta/object.ts';
import { isOwnReport } from './ownReport.ts';

const metadata = { name: 'web', resourceVersion: '2', annotations: {} as Record<string, string> };
const old: KubeObject = { metadata, spec: { replicas: 1 }, status: { replicas: 0 } } as KubeObject;
const later = { ...metadata, resourceVersion: '3', managedFields: [{ manager: 'm' }] };

test.each([
  { what: 'a status', object: { ...old, metadata: later, status: { replicas: 1 } }, old, is: true },
  { what: 'nothing but what a write stamps', object: { ...old, metadata: later }, old, is: true },
  { what: 'a spec', object: { ...old, metadata: later, spec: { replicas: 2 } }, old, is: false },
  {
    what: 'annotations beside a status',
    object: { ...old, metadata: { ...later, annotations: { a: '1' } }, status: { replicas: 1 } },
    old,
    is: false,
  },
  { what: 'an object that is offered again', object: old, old, is: false },
  { what: 'an object that is new', object: old, old: undefined, is: false },
])('D4: $what: $is', ({ object, old, is }) => expect(isOwnReport(object as KubeObject, old)).toBe(is));
