/** Values of the wrong JSON type, and odd ones of the right type, in every field of every example. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Case } from '../case.ts';
import { creates, type Subject } from '../grammar.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'src', 'shared', 'kinds');
const core = (plural: string) => `/api/v1/namespaces/default/${plural}`;

/** Folder of a kind, and its collection. */
const kinds: Record<string, string> = {
  'core/v1/pod': core('pods'),
  'core/v1/service': core('services'),
  'core/v1/configmap': core('configmaps'),
  'core/v1/secret': core('secrets'),
  'core/v1/serviceaccount': core('serviceaccounts'),
  'core/v1/endpoints': core('endpoints'),
  'core/v1/node': '/api/v1/nodes',
  'apps/v1/deployment': '/apis/apps/v1/namespaces/default/deployments',
  'coordination.k8s.io/v1/lease': '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  'discovery.k8s.io/v1/endpointslice': '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
};

const odd = [5, -1.5, 'x', true, [], {}, null, ['x'], [null], { a: 1 }];

export const oddTypes: Case[] = Object.entries(kinds).flatMap(([kind, collection]) => {
  const base = parse(readFileSync(join(folder, kind, 'example.yaml'), 'utf8'));
  base.metadata = { ...base.metadata, name: 'x' };
  delete base.metadata.namespace;
  const subject: Subject = { name: kind.split('/').at(-1)!, collection, base };
  const fields = [...pathsOf(base)].filter((path) => !/^(kind|apiVersion|metadata(\.name)?)$/.test(path));
  return creates(subject, Object.fromEntries(fields.map((path) => [path, odd])));
});

/** As withValue takes them. */
function* pathsOf(value: unknown, at = ''): Generator<string> {
  if (at) yield at;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const step = key.replaceAll('.', '\\.');
    yield* pathsOf(inner, at ? `${at}.${step}` : step);
  }
}
