import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ContainerStatus } from '../../src/shared/kinds/schema/types.ts';
import { packagedTool } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';
import { manifests, more, programs, unknownImage } from './pods-manifests.ts';

const kubectl = packagedTool('kubectl', 'v35');
const { describe: describeWithKubectl } = needs(noTool(kubectl));

describeWithKubectl('Pods as kubectl shows them', () => {
  let plane: Plane;
  let cli: ReturnType<typeof kubectlFor>;
  const k = (...args: string[]) => cli.k(...args);
  const pod = (name: string) => cli.json('get', 'pod', name);
  const logs = (name: string, ...flags: string[]) => k('logs', name, ...flags);
  const field = (name: string, path: string) => k('get', 'pod', name, '-o', `jsonpath={${path}}`);
  const subset = async () =>
    JSON.parse((await k('get', 'endpoints', 'gate', '-o', 'jsonpath={.subsets}')) || '[]')[0];

  beforeAll(async () => {
    plane = await openPlane('pods', programs);
    cli = kubectlFor(kubectl!, plane);
    await plane.start();
    await cli.apply(manifests);
  });
  afterAll(() => plane?.close());

  test('env: literals, ConfigMaps, Secrets, the downward API, Services, expansion', async () => {
    await k('wait', '--for=jsonpath={.status.containerStatuses[0].started}=true', 'pod/env', '--timeout=90s');
    await until('it printed its environment', async () => (await logs('env')).includes('END'));
    const env = Object.fromEntries(
      (await logs('env')).split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)),
    );
    const { metadata, status, spec } = await pod('env');
    expect(env).toMatchObject({
      LITERAL: 'a b  $c',
      COLOUR: 'red',
      PASSWORD: 'geheim',
      ALL_colour: 'red',
      ALL_size: 'big',
      NAME: 'env',
      NAMESPACE: 'default',
      UID: metadata.uid,
      IP: status.podIP,
      NODE: spec.nodeName,
      ACCOUNT: 'default',
      LABEL: 'env',
      CPU: '250',
      MEMORY: '64',
      COMPOSED: 'red-geheim',
      ESCAPED: '$(COLOUR)',
      UNKNOWN: '$(NOTHING)',
      GATE_SERVICE_PORT: '80',
      GATE_SERVICE_PORT_WEB: '80',
      KUBERNETES_SERVICE_PORT: '443',
      HOSTNAME: 'env',
      ARGUMENT: 'red',
    });
    expect(env).not.toHaveProperty('OPTIONAL');
    expect(env.GATE_SERVICE_HOST).toBe(await k('get', 'service', 'gate', '-o', 'jsonpath={.spec.clusterIP}'));
  });

  test('a reference to what is not there waits, and starts once it is', async () => {
    const reason = () => field('waits', '.status.containerStatuses[0].state.waiting.reason');
    await until('it says why', async () => (await reason()) === 'CreateContainerConfigError');
    expect(await k('get', 'pod', 'waits')).toContain('CreateContainerConfigError');
    expect(await field('waits', '.status.containerStatuses[0].state.waiting.message')).toBe(
      'configmap "late" not found',
    );
    await k('create', 'configmap', 'late', '--from-literal=key=here');
    await k('wait', '--for=condition=Ready', 'pod/waits', '--timeout=90s');
    await until('it printed', async () => (await logs('waits')) === 'got here');
  });

  test('files: ConfigMap, Secret, downward, projected; updates arrive, the right ones', async () => {
    await k('wait', '--for=condition=Ready', 'pod/files', '--timeout=90s');
    const last = async () => (await logs('files', '--tail=1')).trim();
    await until('it printed its files', last);
    expect(await last()).toBe(
      'config=red only=[size.txt:big] secret=geheim/400 label=app="files" all=red+geheim+files from=init',
    );
    await k('patch', 'configmap', 'settings', '-p', '{"data":{"colour":"green"}}');
    // Within a minute they would be looked at anyway.
    await until(
      'the new values are there, in one volume after the other',
      async () => /^config=green .* label=app="files" all=green\+geheim\+files /.test(await last()),
      40_000,
    );
    await k('label', 'pod', 'files', 'app=changed', '--overwrite');
    await until('the new label is there', async () => (await last()).includes(' label=app="changed" '));
    expect(await field('files', '.status.containerStatuses[0].restartCount')).toBe('0');
  });

  test('a program reaches the API with the files and variables it was given', async () => {
    await until('it was answered', async () => (await logs('caller')) === '200 caller');
  });

  test('init containers run one after the other, before the others', async () => {
    await k('wait', '--for=condition=Ready', 'pod/inits', '--timeout=90s');
    const { status } = await pod('inits');
    const [first, second] = status.initContainerStatuses;
    expect([first.state.terminated.reason, second.state.terminated.reason]).toEqual([
      'Completed',
      'Completed',
    ]);
    await until('it printed', async () => (await logs('inits')) === 'first\nsecond\nmain');
    expect(await logs('inits', '-c', 'one')).toBe('one was here');
    expect(await logs('inits', '--all-containers', '--prefix')).toContain('[pod/inits/two] two was here');
  });

  test('an init container that fails keeps the others from starting', async () => {
    await until('it is told', async () =>
      /Init:(Error|CrashLoopBackOff)/.test(await k('get', 'pod', 'bad-init')),
    );
    const { status } = await pod('bad-init');
    expect(status.phase).toBe('Pending');
    expect(status.containerStatuses[0].state.waiting.reason).toBe('PodInitializing');
  });

  test('a failing program: CrashLoopBackOff with exit code and count, logs of the run before', async () => {
    let container: ContainerStatus | undefined;
    await until('it crashed often', async () => {
      container = (await pod('crash')).status.containerStatuses?.[0];
      return container?.state?.waiting?.reason === 'CrashLoopBackOff';
    });
    if (!container) throw new Error('no container');
    expect(container.restartCount).toBeGreaterThanOrEqual(1);
    // A slow machine may see it only after a further crash.
    const backOff = 10 * 2 ** (container.restartCount - 1);
    expect(container.state?.waiting?.message).toMatch(
      new RegExp(`^back-off ${backOff}s restarting failed container=c pod=crash_default\\(`),
    );
    expect(container.lastState?.terminated).toMatchObject({ exitCode: 3, reason: 'Error' });
    await until('a table shows it', async () =>
      /crash +0\/1 +CrashLoopBackOff +[1-9]/.test(await k('get', 'pod', 'crash')),
    );
    expect(await logs('crash', '--previous')).toBe('oops');
    await until('its description tells', async () =>
      /Warning +BackOff .*Back-off restarting failed container c/.test(await k('describe', 'pod', 'crash')),
    );
  });

  test('restartPolicy Never: Completed and Error', async () => {
    await k('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/done', '--timeout=90s');
    await k('wait', '--for=jsonpath={.status.phase}=Failed', 'pod/failed', '--timeout=90s');
    expect(await k('get', 'pod', 'done', 'failed')).toMatch(
      /done +0\/1 +Completed +0[\s\S]*failed +0\/1 +Error +0/,
    );
    expect(await field('done', '.status.conditions[?(@.type=="Ready")].reason')).toBe('PodCompleted');
    expect(await logs('done')).toBe('bye');
    const said = await cli.raw(['logs', 'done', '--previous']);
    expect(said.stderr).toContain('previous terminated container "c" in pod "done" not found');
  });

  test('restartPolicy OnFailure: again until it succeeds', async () => {
    await k('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/second-try', '--timeout=90s');
    expect(await field('second-try', '.status.containerStatuses[0].restartCount')).toBe('1');
  });

  test('readiness gates the endpoints of a Service', async () => {
    await k('wait', '--for=jsonpath={.status.phase}=Running', 'pod/gate', '--timeout=90s');
    const ip = await field('gate', '.status.podIP');
    await until('it is an endpoint that is not ready', async () => (await subset())?.notReadyAddresses);
    expect(await subset()).toMatchObject({ notReadyAddresses: [{ ip }] });
    expect(await k('get', 'pod', 'gate')).toMatch(/gate +0\/1 +Running/);
    await k('patch', 'configmap', 'gate', '-p', '{"data":{"open":"yes"}}');
    await k('wait', '--for=condition=Ready', 'pod/gate', '--timeout=90s');
    await until('it is an endpoint', async () => (await subset())?.addresses?.[0].ip === ip);
    await k('patch', 'configmap', 'gate', '-p', '{"data":{"open":"no"}}');
    await k('wait', '--for=condition=Ready=false', 'pod/gate', '--timeout=90s');
    await until('it is none', async () => !(await subset())?.addresses);
    await until('an event tells', async () =>
      (await k('get', 'events', '--field-selector', 'involvedObject.name=gate,reason=Unhealthy')).includes(
        'Readiness probe failed',
      ),
    );
  });

  test('liveness restarts what hangs', async () => {
    const count = async () => Number(await field('hangs', '.status.containerStatuses[0].restartCount'));
    await until('it was restarted', async () => (await count()) >= 1);
    await until('the run before is heard', async () => (await logs('hangs', '--previous')).includes('alive'));
    await until('an event tells', async () =>
      /Killing .*Container c failed liveness probe, will be restarted/.test(
        await k('get', 'events', '--field-selector', 'involvedObject.name=hangs'),
      ),
    );
  });

  test('an unknown image: ErrImagePull, ImagePullBackOff, and all is well once it is added', async () => {
    // Not before: each pull that fails is further from the next one.
    await cli.apply([unknownImage]);
    const reason = () => field('unknown', '.status.containerStatuses[0].state.waiting.reason');
    await until('it says why', async () => /ErrImagePull|ImagePullBackOff/.test(await reason()));
    await until('it backs off', async () => (await reason()) === 'ImagePullBackOff');
    expect(await k('get', 'pod', 'unknown')).toMatch(/unknown +0\/1 +(ImagePullBackOff|ErrImagePull) +0/);
    await until('its description tells', async () =>
      /Warning +Failed .*Failed to pull image "registry.invalid\/nothing:v9"/.test(
        await k('describe', 'pod', 'unknown'),
      ),
    );
    await plane.shallop('image', 'add', 'registry.invalid/nothing:v9', `${plane.folder}/images/server`);
    expect(await plane.shallop('image', 'list')).toContain('registry.invalid/nothing:v9');
    await k('wait', '--for=condition=Ready', 'pod/unknown', '--timeout=90s');
    expect(await field('unknown', '.status.containerStatuses[0].restartCount')).toBe('0');
  });

  test('logs: tail, since, timestamps, limits, follow', async () => {
    await until('it printed', async () => (await logs('lines')).includes('line 5'));
    expect(await logs('lines', '--tail=2')).toBe('line 4\nline 5');
    expect(await logs('lines', '--tail=1', '--timestamps')).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z line 5$/);
    expect(await logs('lines', '--limit-bytes=8')).toBe('line 1\nl');
    const old = (await logs('lines', '--timestamps', '--tail=1')).split(' ')[0]!;
    const after = new Date(Date.parse(old) + 1000).toISOString().replace(/\.\d+Z/, 'Z');
    const since = `--since-time=${after}`;
    expect(await logs('lines', since)).toBe('');
    expect(await logs('lines', '--since=1h')).toContain('line 1\n');
    const following = cli.begin('logs', '-f', 'lines', '--tail=1');
    await until('it is followed', () => following.stdout === 'line 5\n');
    await k('patch', 'configmap', 'lines', '-p', '{"data":{"more":"yes"}}');
    await k('annotate', 'pod', 'lines', 'poke=1');
    // It prints two lines more and ends, and so does whoever follows it.
    expect(await following.over).toMatchObject({ code: 0, stdout: 'line 5\nline 6\nline 7\n' });
    expect(await logs('-l', 'app=lines', '--tail=1').catch(String)).toBe('line 7');
    expect((await cli.raw(['logs', 'lines', '-c', 'none'])).stderr).toContain(
      'container none is not valid for pod lines',
    );
    expect((await cli.raw(['logs', 'nobody'])).stderr).toContain('pods "nobody" not found');
  });

  test('the grace period: time to end, and no more than that', async () => {
    await k('wait', '--for=condition=Ready', 'pod/stubborn', 'pod/polite', '--timeout=90s');
    // It has an hour, and takes none of it.
    await k('delete', 'pod', 'polite', '--timeout=90s');
    const begun = performance.now();
    await k('delete', 'pod', 'stubborn', '--timeout=90s');
    expect(performance.now() - begun).toBeGreaterThan(1900);
    await cli.apply(more);
    await k('wait', '--for=condition=Ready', 'pod/stubborn-again', '--timeout=90s');
    const { metadata } = await pod('stubborn-again');
    await k('delete', 'pod', 'stubborn-again', '--wait=false');
    expect(await k('get', 'pod', 'stubborn-again')).toContain('Terminating');
    await k('delete', 'pod', 'stubborn-again', '--force', '--grace-period=0');
    await until('it is gone', () => !plane.processes().some(({ uid }) => uid === metadata.uid));
  });

  test('a namespace is deleted with everything in it', async () => {
    await k('wait', '-n', 'team', '--for=condition=Available', 'deployment/web', '--timeout=90s');
    const uids = (await cli.json('get', 'pods', '-n', 'team')).items.map(
      ({ metadata }: Meta) => metadata.uid,
    );
    expect(uids).toHaveLength(2);
    const { annotations } = (await cli.json('get', 'deployment', 'web', '-n', 'team')).metadata;
    expect(annotations).toMatchObject({ 'deployment.kubernetes.io/revision': '1' });
    await k('delete', 'namespace', 'team', '--timeout=90s');
    expect(plane.processes().filter(({ uid }) => uids.includes(uid))).toEqual([]);
    const all =
      'deployments,replicasets,pods,services,endpoints,endpointslices,configmaps,serviceaccounts,events';
    expect(await k('get', all, '-n', 'team', '-o', 'name')).toBe('');
    expect((await cli.raw(['get', 'namespace', 'team'])).stderr).toContain('namespaces "team" not found');
  });

  test('nothing of all this is left when the Pods are deleted', async () => {
    await k('delete', 'pods', '--all', '--grace-period=1', '--timeout=90s');
    await until('no process is left', () => plane.processes().length === 0);
    expect(await plane.stop()).toBe(0);
    // What went wrong on the way would have been warned of.
    expect(plane.output.filter((line) => line.startsWith('{'))).toEqual([]);
  });
});

interface Meta {
  metadata: { uid: string };
}
