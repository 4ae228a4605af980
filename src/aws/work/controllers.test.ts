import { expect, test } from '@jest/globals';
import { groupOf } from '../../shared/controllers/manager/queue/index.ts';
import { tokenProjection, tokenProjectionOfAll } from '../../shared/controllers/tokenprojection/index.ts';
import { controllers } from '../controllers/registry.ts';
import { servicesControllers } from '../controllers/services.ts';
import { controllersFor } from './controllers.ts';

test('without a host for Pods nobody is woken for tokens, all others are', () => {
  expect(controllersFor({ SHALLOP_POD_API_URL: 'https://api.example' })).toEqual(controllers);
  const without = controllersFor({});
  expect(without).not.toContain(tokenProjection);
  expect(without).toHaveLength(controllers.length - 1);
});

test('where Pods tell what they use, those without a token of their own count too', () => {
  const env = { SHALLOP_POD_API_URL: 'https://api.example', SHALLOP_POD_METRICS: '60' };
  const found = controllersFor(env);
  expect(found).toHaveLength(controllers.length);
  expect(found).toContain(tokenProjectionOfAll);
  expect(found).not.toContain(tokenProjection);
});

test('the function of Services has all controllers of its group', () => {
  const wanted = controllers.filter((each) => groupOf(each) === 'services');
  expect(new Set(servicesControllers)).toEqual(new Set(wanted));
});

test('nobody is woken for the router of one machine', () => {
  const names = controllers.map(({ name }) => name);
  expect(names).toContain('ingress-controller');
  expect(names).not.toContain('ingress-router');
});
