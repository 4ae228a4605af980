import { notFound } from '../../errors/common.ts';
import { isComing } from '../../meta/soon.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { namespaceRead } from '../namespaceRead.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';

const immortal = ['default', 'kube-system', 'kube-public'];

/** Objects are created only in a namespace that is there to stay; some namespaces may not be deleted. */
export const namespaceLifecycle = ({ storage }: { storage: Storage }): AdmissionPlugin => ({
  name: 'NamespaceLifecycle',
  operations: ['CREATE', 'DELETE'],
  admit: (admission) => {
    const { operation, kind, subresource } = admission;
    if (operation !== 'CREATE' || subresource || !kind.namespaced) return false;
    const found = namespaceRead(storage, admission);
    return isComing(found) ? found.then((read) => admitInto(read, admission)) : admitInto(found, admission);
  },
  validate: ({ operation, kind, name }) => {
    if (operation === 'DELETE' && kind.plural === 'namespaces' && !kind.group && immortal.includes(name))
      throw refused(kind, name, 'this namespace may not be deleted');
  },
});

/** Changes nothing. Throws NotFound, and Forbidden for a namespace that goes away. */
function admitInto(found: Stored | undefined, { kind, namespace, name, object }: Admission): false {
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
}
