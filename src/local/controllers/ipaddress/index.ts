import { unlessGone, unlessThere } from '../../../shared/controllers/common/ignore.ts';
import { type Controller, type ObjectKey, watching } from '../../../shared/controllers/controller.ts';
import { ipAddresses, services } from '../../../shared/controllers/resources.ts';
import type { IPAddress, Service } from '../../../shared/kinds/schema/types.ts';
import { addressesOf, plan } from './plan.ts';

/** Keeps an object for each address that a Service has, as the allocator of a real server does. */
export const ipAddress: Controller = {
  name: 'ipaddress-controller',
  watches: [
    watching<Service>({
      resource: services,
      keys: (service, old) => {
        const { namespace = '', name = '' } = service.metadata;
        const addresses = new Set([...addressesOf(service), ...(old ? addressesOf(old) : [])]);
        return [...addresses].map((address) => keyOf(address, namespace, name));
      },
    }),
    watching<IPAddress>({
      resource: ipAddresses,
      keys: ({ metadata, spec }) => {
        const { resource, namespace = '', name = '' } = spec?.parentRef ?? {};
        return resource === 'services' ? [keyOf(metadata.name ?? '', namespace, name)] : [];
      },
    }),
  ],

  async reconcile(key, { client }) {
    const [name = '', address = ''] = key.name.split('/');
    const parent = { namespace: key.namespace, name };
    const service = await client.get(services, key.namespace, name);
    const step = plan(address, parent, service, await client.get(ipAddresses, '', address));
    if (!step) return undefined;
    if (step.is !== 'create') await unlessGone(client.delete(ipAddresses, '', address));
    if (step.is !== 'delete') await unlessThere(client.create(ipAddresses, step.object));
    return undefined;
  },
};

const keyOf = (address: string, namespace: string, name: string): ObjectKey => ({
  namespace,
  name: `${name}/${address}`,
});
