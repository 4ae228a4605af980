import { absent, type Places, type Subject } from '../grammar.ts';
import { workloadPlaces, workloadUpdates } from './workloads.ts';

const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } };

export const replicationController: Subject = {
  name: 'replicationcontroller',
  collection: '/api/v1/namespaces/default/replicationcontrollers',
  base: { metadata: { name: 'x' }, spec: { selector: { a: 'b' }, template } },
};

const { 'spec.selector': _, ...places } = workloadPlaces;
const { 'spec.selector': __, ...changes } = workloadUpdates;

export const controllerPlaces: Places = {
  ...places,
  'spec.selector': [absent, {}, null, { a: 'c' }, { 'a b': 'c' }, { a: 'b c' }, { a: 1 }],
};

export const controllerUpdates: Places = {
  ...changes,
  'spec.selector': [{ a: 'c' }, absent, { a: 'b', c: 'd' }],
};
