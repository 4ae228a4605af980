import { systemClasses } from '../shared/kinds/scheduling.k8s.io/v1/priorityclass/systemClasses.ts';
import { table } from '../shared/meta/table.ts';
import type { Storage } from '../shared/ports/storage.ts';

/** Describes what of a control plane tells how far its start has come. */
export interface Starting {
  storage: Pick<Storage, 'get' | 'head'>;
  /** Names of the controllers that it runs. */
  controllers: readonly { name: string }[];
  /** Returns whether the caches of the cluster `default` are there and its controllers work. */
  hasStarted(): boolean;
  /** Returns whether what the cluster `default` begins with, roles and APIServices among it, has been put right in this start. */
  isFilled(): boolean;
  /** Resolves once it is known what the cluster `default` serves, definitions of others included. */
  served(): Promise<unknown>;
  /** Returns whether programs know by a ConfigMap how clients are authenticated here. */
  tellsAuthorities: boolean;
  /** Returns whether anybody takes what is logged. Absent: nobody can tell, and nothing is said of it. */
  canLog?: (() => boolean) | undefined;
}

type Check = () => Promise<void> | void;

/**
 * Checks of /healthz, /livez and /readyz under the names that kube-apiserver 1.35 has for its own, where a step of this start
 * does what its hook of that name does. As with hooks, what has come to pass is not asked for again; a log and informers are.
 */
export function startChecks(start: Starting): Record<string, Check> {
  const { storage, isFilled, served, hasStarted, tellsAuthorities, canLog } = start;
  const readable = (resource: string) => async () => void (await storage.head('default', resource));
  const exists =
    (resource: string, namespace: string, ...names: string[]) =>
    async () => {
      for (const name of names)
        if (!(await storage.get({ cluster: 'default', resource, namespace, name })))
          throw new Error(`${resource} ${name} is not there yet`);
    };
  const filled = () => expect(isFilled(), 'what the cluster begins with is still being written');
  const works = (controller: string) => () =>
    expect(
      hasStarted() && start.controllers.some(({ name }) => name === controller),
      `${controller} does not work yet`,
    );
  const knownKinds = async () => void (await served());
  const controlled = works('apiservice-controller');
  const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
  const hooks = table<Record<string, Check>>({
    'start-apiserver-admission-initializer': readable(
      'validatingwebhookconfigurations.admissionregistration.k8s.io',
    ),
    'generic-apiserver-start-informers': () => expect(hasStarted(), 'informers have not all listed'),
    'priority-and-fairness-config-consumer': readable('flowschemas.flowcontrol.apiserver.k8s.io'),
    'start-apiextensions-informers': readable('customresourcedefinitions.apiextensions.k8s.io'),
    'start-apiextensions-controllers': works('customresourcedefinition-controller'),
    'crd-informer-synced': knownKinds,
    'start-system-namespaces-controller': exists('namespaces', '', ...systemNamespaces),
    ...(tellsAuthorities && {
      'start-cluster-authentication-info-controller': exists(
        'configmaps',
        'kube-system',
        'extension-apiserver-authentication',
      ),
    }),
    'start-service-ip-repair-controllers': works('ipaddress-controller'),
    'rbac/bootstrap-roles': filled,
    'scheduling/bootstrap-system-priority-classes': exists(
      'priorityclasses.scheduling.k8s.io',
      '',
      ...systemClasses.map(({ metadata }) => metadata.name ?? ''),
    ),
    'priority-and-fairness-config-producer': filled,
    'bootstrap-controller': exists('services', 'default', 'kubernetes'),
    'start-kubernetes-service-cidr-controller': exists('servicecidrs.networking.k8s.io', '', 'kubernetes'),
    'start-kube-aggregator-informers': readable('apiservices.apiregistration.k8s.io'),
    'apiservice-status-local-available-controller': controlled,
    'apiservice-status-remote-available-controller': controlled,
    'apiservice-registration-controller': controlled,
    'apiservice-discovery-controller': knownKinds,
    'kube-apiserver-autoregistration': filled,
    'apiservice-openapi-controller': knownKinds,
    'apiservice-openapiv3-controller': knownKinds,
  });
  const named = Object.entries(hooks).map(([name, check]) => [`poststarthook/${name}`, once(check)] as const);
  return table({
    ...(canLog && { log: () => expect(canLog(), 'nobody takes what is logged') }),
    ...Object.fromEntries(named),
    'autoregister-completion': once(filled),
  });
}

function expect(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

/** What has happened stays so. */
function once(check: Check): Check {
  let isDone = false;
  return async () => {
    if (isDone) return;
    await check();
    isDone = true;
  };
}
