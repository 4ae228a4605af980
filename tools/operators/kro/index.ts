import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { charted } from '../charted.ts';
import { type Found, type Kit, says } from '../kit.ts';
import type { Operator } from '../operator.ts';

const namespace = 'kro-system';
const module = 'github.com/kubernetes-sigs/kro';
const named = (apiVersion: string, kind: string, name: string, more: object) => ({
  apiVersion,
  kind,
  metadata: { name },
  ...more,
});
/** Rights that somebody gives kro beside those of its chart, by their label. */
const rights = {
  ...named('rbac.authorization.k8s.io/v1', 'ClusterRole', 'kro:sites', {}),
  metadata: { name: 'kro:sites', labels: { 'rbac.kro.run/aggregate-to-controller': 'true' } },
  rules: [
    { apiGroups: ['kro.run'], resources: ['*'], verbs: ['*'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] },
    { apiGroups: [''], resources: ['services', 'configmaps'], verbs: ['*'] },
  ],
};
const home = (spec: object) =>
  named('kro.run/v1alpha1', 'Site', 'home', {
    metadata: { name: 'home', namespace: 'default' },
    spec: { image: 'nginx:1', languages: ['de', 'ko'], ...spec },
  });

/** Kinds that users compose: definitions made and changed at run time, checked against what the API says of its own kinds. */
export const kro: Operator = {
  name: 'kro',
  module,
  program: `${module}/cmd/controller`,
  manifests: (folder) => charted(join(folder, 'helm'), namespace, 'rbac.mode=aggregation'),
  flags: ({ ports }) => [
    `--metrics-bind-address=127.0.0.1:${ports(8078)}`,
    `--health-probe-bind-address=127.0.0.1:${ports(8079)}`,
    '--leader-elect',
    `--leader-election-namespace=${namespace}`,
    '--allow-crd-deletion',
  ],
  story,
};

async function story(kit: Kit): Promise<void> {
  await kit.leads(namespace, 'controller.kro.run');
  await kit.apply(rights, named('v1', 'ConfigMap', 'settings', { data: { colour: 'blue' } }));
  const site = await siteDefinition();
  await kit.apply(site);
  await kit.until('makes a definition', () => isReady(kit, 'resourcegraphdefinition', 'sites'));
  await kit.refused(
    'a site without an image is refused',
    /spec\.image: Required value/,
    home({ image: undefined }),
  );
  await kit.refused('and one of too many', /should be less than or equal to 5/, home({ replicas: 6 }));
  await kit.apply(home({}));
  await kit.until('makes what a site consists of, and knows when it is ready', () =>
    isReady(kit, 'site', 'home'),
  );
  const { status } = await kit.get('st', 'home');
  const { spec } = await kit.get<{ spec: { clusterIP: string } }>('service', 'home');
  if (status?.available !== 2 || status.address !== spec.clusterIP)
    throw new Error(`it tells ${JSON.stringify(status)}`);
  const shown = await kit.kubectl(['get', 'sites']);
  if (!shown.includes(spec.clusterIP)) throw new Error(`kubectl shows ${shown}`);
  await kit.until('with what was there before', () => hasColour(kit, 'blue'));

  await kit.apply(named('v1', 'ConfigMap', 'settings', { data: { colour: 'green' } }));
  await kit.until('follows a change of that', () => hasColour(kit, 'green'));
  await kit.kubectl(['scale', 'deployment', 'home', '--replicas=1']);
  await kit.until("takes back somebody else's change", async () => (await replicas(kit)) === 2);
  await kit.kubectl(['delete', 'service,configmap', 'home', 'home-ko', '--ignore-not-found']);
  await kit.until('makes again what somebody deleted', async () => {
    return (await kit.find('service', 'home')) && (await kit.find('configmap', 'home-ko'));
  });
  await kit.apply(home({ languages: ['de'], isPublic: false, replicas: 3 }));
  await kit.until('removes what is no longer asked for', async () => {
    return !(await kit.find('service', 'home')) && !(await kit.find('configmap', 'home-ko'));
  });
  await kit.until('and scales', async () => (await replicas(kit)) === 3);

  const { schema, resources } = site.spec;
  const podSpec = resources.find(({ id }) => id === 'deployment')!.template!.spec.template!.spec;
  podSpec.patience = 7;
  await kit.apply(site);
  await kit.until('does not accept a field that Deployments do not have', async () => {
    const { status } = await kit.get('resourcegraphdefinition', 'sites');
    return JSON.stringify(status?.conditions).includes('patience');
  });
  delete podSpec.patience;
  schema.spec.patience = 'integer | default=7';
  podSpec.terminationGracePeriodSeconds = '$'.concat('{schema.spec.patience}');
  await kit.apply(site);
  await kit.until('extends the definition, with defaults for those that are there', async () => {
    const { spec } = await kit.get('site', 'home');
    const { items } = await kit.get<{ items: Found[] }>('pods', '-l', 'app=home');
    return (
      spec?.patience === 7 &&
      items.length === 3 &&
      items.every(({ spec }) => spec?.terminationGracePeriodSeconds === 7)
    );
  });
  await kit.kubectl(['delete', 'site', 'home', '--timeout=60s']);
  await kit.gone('all of it goes with the site', 'deployments,replicasets,pods');
  if (await kit.find('configmap', 'home-de')) throw new Error('a text stayed');
  await kit.kubectl(['delete', 'resourcegraphdefinition', 'sites', '--timeout=60s']);
  await kit.gone('and the definition with its own', 'crd', '--field-selector=metadata.name=sites.kro.run');
}

/** As much of the definition as is changed. */
interface Definition {
  spec: {
    schema: { spec: Record<string, unknown> };
    resources: { id: string; template?: { spec: { template?: { spec: Record<string, unknown> } } } }[];
  };
}

const siteDefinition = async (): Promise<Definition> =>
  parse(await readFile(join(import.meta.dirname, 'site.yaml'), 'utf8')) as Definition;

async function isReady(kit: Kit, kind: string, name: string): Promise<boolean> {
  return says(await kit.get(kind, name), 'Ready');
}

async function replicas(kit: Kit): Promise<unknown> {
  return (await kit.get('deployment', 'home')).status?.availableReplicas;
}

async function hasColour(kit: Kit, colour: string): Promise<boolean> {
  return JSON.stringify((await kit.get('deployment', 'home')).spec).includes(`"value":"${colour}"`);
}
