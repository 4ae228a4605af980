import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CoreV1Api,
  Exec,
  KubeConfig,
  Log,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
  type V1Status,
  Watch,
} from '@kubernetes/client-node';
import { openPlane, type Plane } from '../support/plane.ts';
import { programs } from '../support/programs.ts';
import { until } from '../support/until.ts';

const talker = `trap 'echo bye; exit 0' TERM; echo hello; sleep 1000 & while :; do wait; done`;
const namespace = 'default';
const path = `/api/v1/namespaces/${namespace}/configmaps`;
const mapOf = (name: string, value: string): V1ConfigMap => ({ metadata: { name }, data: { value } });
const shown = ({ metadata, data }: V1ConfigMap) => `${metadata?.name} ${data?.value}`;

/** Attach and port-forward are in guestsOfClients.test.ts. */
describe('@kubernetes/client-node', () => {
  let plane: Plane;
  let api: CoreV1Api;
  const config = new KubeConfig();
  beforeAll(async () => {
    plane = await openPlane('client-node', { ...programs, talker });
    await plane.start();
    config.loadFromFile(plane.kubeconfig);
    api = config.makeApiClient(CoreV1Api);
    await start('server');
  });
  afterAll(() => plane?.close());

  async function start(name: string) {
    const spec = { containers: [{ name: 'c', image: name }] };
    await api.createNamespacedPod({ namespace, body: { metadata: { name }, spec } });
    await until('the Pod runs', async () => {
      const { status } = await api.readNamespacedPod({ namespace, name });
      return status?.phase === 'Running';
    });
  }

  test('creates, reads, replaces, patches, lists and deletes, and hears of each by a watch', async () => {
    const events: string[] = [];
    // From here on, whenever the request arrives.
    const { resourceVersion } = (await api.listNamespacedConfigMap({ namespace })).metadata ?? {};
    const watching = await new Watch(config).watch(
      path,
      { fieldSelector: 'metadata.name=crud', resourceVersion },
      (phase, map: V1ConfigMap) => events.push(`${phase} ${shown(map)}`),
      () => events.push('over'),
    );
    const name = 'crud';
    await api.createNamespacedConfigMap({ namespace, body: mapOf(name, '1') });
    const read = await api.readNamespacedConfigMap({ namespace, name });
    await api.replaceNamespacedConfigMap({ namespace, name, body: { ...read, data: { value: '2' } } });
    await expect(
      api.replaceNamespacedConfigMap({ namespace, name, body: { ...read, data: { value: 'late' } } }),
    ).rejects.toMatchObject({ code: 409 });
    await api.patchNamespacedConfigMap(
      { namespace, name, body: { data: { value: '3' } } },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    const { items } = await api.listNamespacedConfigMap({
      namespace,
      fieldSelector: `metadata.name=${name}`,
    });
    expect(items.map(shown)).toEqual(['crud 3']);
    await api.deleteNamespacedConfigMap({ namespace, name });
    await expect(api.readNamespacedConfigMap({ namespace, name })).rejects.toMatchObject({ code: 404 });
    await until('the watch has heard of all of it', () => events.length === 4);
    expect(events).toEqual(['ADDED crud 1', 'MODIFIED crud 2', 'MODIFIED crud 3', 'DELETED crud 3']);
    watching.abort();
  });

  test('follows a log to its end', async () => {
    await start('talker');
    const stream = new PassThrough();
    let logged = '';
    stream.on('data', (data) => {
      logged += data;
    });
    await new Log(config).log(namespace, 'talker', 'c', stream, { follow: true });
    await until('the first line is there', () => logged === 'hello\n');
    const ended = once(stream, 'end');
    await api.deleteNamespacedPod({ namespace, name: 'talker' });
    await ended;
    expect(logged).toBe('hello\nbye\n');
  });

  // fabric8, in test/conformance/fabric8.test.ts, asks for v4.
  test('B3: executes a command by v5.channel.k8s.io', async () => {
    const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const { promise, resolve } = Promise.withResolvers<V1Status>();
    const command = ['sh', '-c', 'read line; echo "got $line"; echo no >&2; exit 3'];
    const exec = new Exec(config);
    const socket = await exec.exec(namespace, 'server', 'c', command, stdout, stderr, stdin, false, resolve);
    expect(socket.protocol).toBe('v5.channel.k8s.io');
    stdin.write('input\n');
    const status = { status: 'Failure', details: { causes: [{ reason: 'ExitCode', message: '3' }] } };
    expect(await promise).toMatchObject(status);
    expect([await text(stdout), await text(stderr)]).toEqual(['got input\n', 'no\n']);
  });

  test('an informer goes on after the server was killed and started again', async () => {
    const events: string[] = [];
    const labelSelector = 'by=informer';
    const labelled = (name: string, value: string): V1ConfigMap => ({
      ...mapOf(name, value),
      metadata: { name, labels: { by: 'informer' } },
    });
    const list = () => api.listNamespacedConfigMap({ namespace, labelSelector });
    const informer = makeInformer(config, path, list, labelSelector);
    for (const verb of ['add', 'update', 'delete'] as const)
      informer.on(verb, (map) => events.push(`${verb} ${shown(map)}`));
    // The library asks its user to start it again after an error.
    let isOver = false;
    informer.on('error', () => !isOver && setTimeout(() => informer.start().catch(() => {}), 50));
    await api.createNamespacedConfigMap({ namespace, body: labelled('before', '1') });
    await informer.start();
    await until('it knows what there is', () => events.length > 0);

    await plane.kill();
    await plane.start();
    await api.replaceNamespacedConfigMap({ namespace, name: 'before', body: labelled('before', '2') });
    await api.createNamespacedConfigMap({ namespace, body: labelled('after', '1') });
    await api.deleteNamespacedConfigMap({ namespace, name: 'before' });
    await until('it has heard of the end', () => events.at(-1) === 'delete before 2');
    expect(events).toEqual(['add before 1', 'update before 2', 'add after 1', 'delete before 2']);
    expect(informer.list().map(shown)).toEqual(['after 1']);
    isOver = true;
    await informer.stop();
  });
});
