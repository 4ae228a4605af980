import type { Ids } from '../../clock/ids.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Container, Pod, ServiceAccount, Volume } from '../../kinds/schema/types.ts';
import { copyOf } from '../../meta/copy.ts';
import { isComing } from '../../meta/soon.ts';
import type { Storage } from '../../ports/storage.ts';
import { single } from '../../storage/compiled/single.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const expirationSeconds = 3607;

/** Gives Pods the default account, and a token to speak to the API with. */
export function serviceAccount({ storage, ids }: { storage: Storage; ids: Ids }): AdmissionPlugin {
  const accountOf = single(
    storage,
    'serviceaccounts',
    ({ value }) => JSON.parse(decoder.decode(value)) as ServiceAccount,
  );
  return {
    name: 'ServiceAccount',
    resources: ['pods'],
    operations: ['CREATE'],
    addsDefaults: true,
    admit: ({ cluster, kind, namespace, object }) => {
      const pod = object as unknown as Pod | undefined;
      if (!pod?.spec) return false;
      const name = pod.spec.serviceAccountName || 'default';
      const give = (account: ServiceAccount | undefined) => {
        if (!account) throw missing(kind, pod, namespace, name);
        giveAccount(pod, name, account, ids);
        return true;
      };
      const account = accountOf(cluster, namespace, name);
      return isComing(account) ? account.then(give) : give(account);
    },
  };
}

const decoder = new TextDecoder();

function giveAccount(pod: Pod, name: string, account: ServiceAccount, ids: Ids): void {
  const spec = pod.spec!;
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
  if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length)
    spec.imagePullSecrets = copyOf(account.imagePullSecrets);
  if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(pod, ids);
}

const missing = (kind: Kind, { metadata }: Pod, namespace: string, name: string) =>
  refused(
    kind,
    metadata.name || (metadata.generateName ?? ''),
    `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
  );

function mountToken({ spec }: Pod, ids: Ids): void {
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const lacking = containers.filter((c) => !c.volumeMounts?.some((m) => m.mountPath === mountPath));
  if (!spec || !lacking.length) return;
  const volume =
    spec.volumes?.find(({ name }) => name.startsWith('kube-api-access-'))?.name ??
    `kube-api-access-${ids.suffix(5)}`;
  for (const container of lacking) mount(container, volume);
  if (!spec.volumes?.some(({ name }) => name === volume))
    spec.volumes = [...(spec.volumes ?? []), tokenVolume(volume)];
}

function mount(container: Container, name: string): void {
  container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }];
}

const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
        },
      },
    ],
    defaultMode: 420,
  },
});
