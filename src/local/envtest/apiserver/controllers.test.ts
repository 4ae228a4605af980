import { expect, test } from '@jest/globals';
import { controllers } from '../../controllers/registry.ts';
import { chosenControllers, offered } from './controllers.ts';

/** Controllers that an environment has no use for: nothing runs there, and one logical cluster is enough. */
const withoutUse = [
  'default-scheduler',
  'gateway-router',
  'image-gc',
  'ingress-router',
  'kubelet',
  'cluster-pods-controller',
  'cluster-secrets-controller',
  'cluster-services-controller',
  'name-controller',
  'networkpolicy-controller',
  'networkpolicy-notice',
  'node-controller',
  'persistentvolume-controller',
  'scale-to-zero',
  'secret-projection-controller',
  'service-controller',
  'token-projection-controller',
];

const namesOf = (list: { name: string }[]) => list.map(({ name }) => name).sort();

test('alone, a server does what is its own', async () => {
  expect(namesOf(await chosenControllers())).toEqual([
    'apiservice-controller',
    'customresourcedefinition-controller',
    'event-expiry',
    'flowschema-status-controller',
    'ipaddress-controller',
    'logicalcluster-controller',
  ]);
});

test('every controller may be asked for, or has no use there', async () => {
  const all = await chosenControllers(Object.keys(offered).join(','));
  expect([...namesOf(all), ...withoutUse].sort()).toEqual(namesOf(controllers));
});

test('names that there are not are refused, with those that there are', async () => {
  await expect(chosenControllers('garbage,constructor')).rejects.toThrow(
    /^SHALLOP_CONTROLLERS: no controller "constructor"; there are certificates, .*, namespace, /,
  );
});
