import { notFound } from '../../errors/common.ts';
import type { Storage } from '../../ports/storage.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';

const immortal = ['default', 'kube-system', 'kube-public'];

/** Objects are created only in a namespace that is there to stay; some namespaces may not be deleted. */
export const namespaceLifecycle = ({ storage }: { storage: Storage }): AdmissionPlugin => ({
  name: 'NamespaceLifecycle',
  operations: ['CREATE', 'DELETE'],
  admit: async ({ operation, cluster, kind, subresource, namespace, name, object }) => {
    if (operation !== 'CREATE' || subresource || !kind.namespaced) return false;
    const found = await storage.get({ cluster, resource: 'namespaces', namespace: '', name: namespace });
    if (!found) throw notFound({ group: '', plural: 'namespaces', name: namespace });
    if (found.index.fields?.['status.phase'] !== 'Terminating') return false;
    throw refused(
      kind,
      name || (object?.metadata.generateName ?? ''),
      `unable to create new content in namespace ${namespace} because it is being terminated`,
      [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    );
  },
  validate: ({ operation, kind, name }) => {
    if (operation === 'DELETE' && kind.plural === 'namespaces' && !kind.group && immortal.includes(name))
      throw refused(kind, name, 'this namespace may not be deleted');
  },
});
