import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import { seededIds } from '../../clock/seededIds.ts';
import type { Cause } from '../../errors/apiError.ts';
import type { AnyObject } from '../../meta/object.ts';
import { findKind } from '../registry.ts';

interface Case {
  group: string;
  version: string;
  plural: string;
  object: unknown;
  /** Is what is stored, when the request was an update. */
  old?: AnyObject;
  causes: Cause[];
}

/** Requests to a real server and the causes that it answered. */
const folder = new URL('../testdata/invalid/', import.meta.url);
const cases = readdirSync(folder).sort();
const ctx = { clock: new ManualClock(), ids: seededIds(1) };

test.each(cases)('%s is answered as by a real server', (file) => {
  const { group, version, plural, object, old, causes } = JSON.parse(
    readFileSync(new URL(file, folder), 'utf8'),
  ) as Case;
  const kind = findKind(group, version, plural)!;
  const decoded = kind.schema.withDefaults(kind.schema.decode(object));
  if (old) kind.prepareForUpdate?.(decoded, old, ctx);
  else kind.prepareForCreate?.(decoded, ctx);
  const first = kind.validateFirst?.(decoded, old) ?? [];
  expect(first.length > 0 ? first : kind.validate!(decoded, old)).toEqual(causes);
});
