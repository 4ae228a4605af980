import { expect, test } from '@jest/globals';
import { tokenProjection } from '../../shared/controllers/tokenprojection/index.ts';
import { controllers } from '../controllers/registry.ts';
import { controllersFor } from './controllers.ts';

test('without a host for Pods nobody is woken for tokens, all others are', () => {
  expect(controllersFor({ SHALLOP_POD_API_URL: 'https://api.example' })).toEqual(controllers);
  const without = controllersFor({});
  expect(without).not.toContain(tokenProjection);
  expect(without).toHaveLength(controllers.length - 1);
});
