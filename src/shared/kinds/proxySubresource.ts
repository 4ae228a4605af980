import type { Subresources } from './kind.ts';

/** The subresource by which requests are sent on to what an object of the core kind stands for. */
export const proxySubresource = (kind: string): NonNullable<Subresources['others']>[number] => ({
  name: 'proxy',
  group: '',
  version: 'v1',
  kind: `${kind}ProxyOptions`,
  verbs: ['create', 'delete', 'get', 'patch', 'update'],
});
