import type { Client } from '../../client/client.ts';
import { type Clock, formatTime } from '../../clock/clock.ts';
import { systemClasses } from '../../kinds/scheduling.k8s.io/v1/priorityclass/systemClasses.ts';
import { same } from '../common/hash.ts';
import { unlessThere } from '../common/ignore.ts';
import type { ReconcileContext } from '../controller.ts';
import {
  configMaps,
  endpointSlices,
  endpoints,
  namespaces,
  priorityClasses,
  serviceCIDRs,
  services,
} from '../resources.ts';
import { addClusterDns } from './clusterDns.ts';

const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

type Context = Pick<ReconcileContext, 'env' | 'clock'>;

/** Returns what every logical cluster begins with. Doing it again changes nothing. */
export async function bootstrap(client: Client, context: Context, isDefault: boolean): Promise<void> {
  await bootstrapCommon(client, context);
  await bootstrapServices(client, context.env, isDefault);
}

/** The part that is the same in each. */
export async function bootstrapCommon(client: Client, { env, clock }: Context): Promise<void> {
  await makeNamespaces(client);
  for (const object of systemClasses)
    if (!(await client.get(priorityClasses, '', object.metadata.name ?? '')))
      await unlessThere(client.create(priorityClasses, object));
  await nameServiceRange(client, env.serviceCidr, clock);
  await publishAuthorities(client, env.clientCa?.(), env.frontProxyCa?.());
}

/** The part that has addresses of its own in each. */
export async function bootstrapServices(
  client: Client,
  env: ReconcileContext['env'],
  isDefault: boolean,
): Promise<void> {
  if (env.clusterDnsIP) await addClusterDns(client, isDefault ? env.clusterDnsIP : undefined);
  const api = env.apiEndpoint();
  if (!api) return;
  const metadata = { name: 'kubernetes', namespace: 'default' };
  if (!(await client.get(services, 'default', 'kubernetes')))
    await unlessThere(
      client.create(services, {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { ...metadata, labels: { component: 'apiserver', provider: 'kubernetes' } },
        spec: {
          type: 'ClusterIP',
          ...(isDefault && api.clusterIP && { clusterIP: api.clusterIP }),
          ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: api.port }],
        },
      }),
    );
  const { address, port } = api;
  if (address) await publish(client, { address, port });
}

/** Makes the namespaces that every cluster has. */
export async function makeNamespaces(client: Client): Promise<void> {
  for (const name of systemNamespaces)
    if (!(await client.get(namespaces, '', name)))
      await unlessThere(
        client.create(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
      );
}

/** Tells API servers of others by which certificates they know clients and this server. */
async function publishAuthorities(client: Client, clientCa?: string, frontProxyCa?: string): Promise<void> {
  if (!clientCa && !frontProxyCa) return;
  const metadata = { name: 'extension-apiserver-authentication', namespace: 'kube-system' };
  const data = {
    ...(clientCa && { 'client-ca-file': clientCa }),
    ...(frontProxyCa && {
      'requestheader-allowed-names': '["front-proxy-client"]',
      'requestheader-client-ca-file': frontProxyCa,
      'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
      'requestheader-group-headers': '["X-Remote-Group"]',
      'requestheader-uid-headers': '["X-Remote-Uid"]',
      'requestheader-username-headers': '["X-Remote-User"]',
    }),
  };
  const current = await client.get(configMaps, metadata.namespace, metadata.name);
  if (!current)
    return void (await unlessThere(
      client.create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }),
    ));
  if (!same(current.data ?? {}, data))
    await client.patch(configMaps, metadata.namespace, metadata.name, { data });
}

/** Says where addresses of Services come from. Its name is the one that Kubernetes has for it. */
async function nameServiceRange(client: Client, serviceCidr: string, clock: Clock): Promise<void> {
  if (await client.get(serviceCIDRs, '', 'kubernetes')) return;
  const ready = {
    type: 'Ready',
    status: 'True',
    lastTransitionTime: formatTime(clock.now()),
    reason: '',
    message: 'Kubernetes default Service CIDR is ready',
  } as const;
  await unlessThere(
    client.create(serviceCIDRs, {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'ServiceCIDR',
      metadata: { name: 'kubernetes' },
      spec: { cidrs: [serviceCidr] },
      status: { conditions: [ready] },
    }),
  );
}

/** The Service has no selector: its endpoints are this process, wherever it listens this time. */
async function publish(client: Client, { address, port }: { address: string; port: number }): Promise<void> {
  const metadata = { name: 'kubernetes', namespace: 'default' };
  const mirror = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
  const subsets = [
    { addresses: [{ ip: address }], ports: [{ name: 'https', port, protocol: 'TCP' as const }] },
  ];
  const current = await client.get(endpoints, 'default', 'kubernetes');
  const here = current?.subsets?.[0];
  if (here?.addresses?.[0]?.ip !== address || here.ports?.[0]?.port !== port) {
    if (current) await client.patch(endpoints, 'default', 'kubernetes', { subsets });
    else
      await unlessThere(
        client.create(endpoints, {
          apiVersion: 'v1',
          kind: 'Endpoints',
          metadata: { ...metadata, labels: mirror },
          subsets,
        }),
      );
  }
  const slice = {
    endpoints: [{ addresses: [address], conditions: { ready: true, serving: true, terminating: false } }],
    ports: [{ name: 'https', port, protocol: 'TCP' as const }],
  };
  const there = await client.get(endpointSlices, 'default', 'kubernetes');
  if (there?.endpoints?.[0]?.addresses[0] === address && there.ports?.[0]?.port === port) return;
  if (there) await client.patch(endpointSlices, 'default', 'kubernetes', slice);
  else
    await unlessThere(
      client.create(endpointSlices, {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
        addressType: 'IPv4',
        ...slice,
      }),
    );
}
