/** What the Pods of this test run, by image name. */
export const programs: Record<string, string> = {
  env: 'env; echo "ARGUMENT=$1"; echo END=; exec sleep 1000',
  server: `trap 'exit 0' TERM; echo hello; sleep 1000 & while :; do wait; done`,
  stubborn: `trap '' TERM; echo hello; while :; do sleep 0.2; done`,
  crash: 'echo oops; exit 3',
  done: 'echo bye; exit 0',
};

const files = `cd $SHALLOP_ROOT; while :; do
  only=$(cd etc/only && for each in *; do printf '%s:%s' "$each" "$(cat $each)"; done)
  now="config=$(cat etc/config/colour) only=[$only] secret=$(cat etc/secret/password)/$(stat -Lc %a etc/secret/password)"
  now="$now label=$(cat etc/info/labels) all=$(cat etc/all/colour)+$(cat etc/all/password)+$(cat etc/all/name) from=$(cat work/note)"
  [ "$now" = "$before" ] || echo "$now"
  before=$now
  sleep 0.1
done`;

/** Prints five lines, and two more once it is told to. */
const lines = `for i in 1 2 3 4 5; do echo "line $i"; done
until [ "$(cat $SHALLOP_ROOT/lines/more)" = yes ]; do sleep 0.05; done; echo line 6; echo line 7`;

/** Asks the API for its own Pod. */
const caller = `const files = process.env.SHALLOP_ROOT + '/var/run/secrets/kubernetes.io/serviceaccount/';
const read = (name) => require('fs').readFileSync(files + name, 'utf8').trim();
const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port, HOSTNAME: name } = process.env;
const path = '/api/v1/namespaces/' + read('namespace') + '/pods/' + name;
const headers = { authorization: 'Bearer ' + read('token') };
require('https').get({ host, port, path, headers, ca: read('ca.crt') }, (response) => {
  let text = '';
  response.on('data', (chunk) => { text += chunk; });
  response.on('end', () => console.log(response.statusCode, JSON.parse(text).metadata.name));
});`;

const meta = (name: string, namespace = 'default') => ({ name, namespace, labels: { app: name } });
const pod = (name: string, container: object, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: meta(name),
  spec: {
    terminationGracePeriodSeconds: 2,
    ...spec,
    containers: [{ name: 'c', ...container }],
  },
});
const configMap = (name: string, data: Record<string, string>, namespace?: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: meta(name, namespace),
  data,
});
const sh = (script: string) => ({ image: 'server', command: ['sh', '-c', script] });
const mount = (name: string, mountPath: string) => ({ name, mountPath });
const env = (name: string, valueFrom: object) => ({ name, valueFrom });
const fieldRef = (name: string, fieldPath: string) => env(name, { fieldRef: { fieldPath } });

const envPod = pod('env', {
  image: 'env',
  command: ['sh', '-c', 'env; echo "ARGUMENT=$1"; echo END=; exec sleep 1000', 'sh'],
  args: ['$(COLOUR)'],
  resources: { limits: { cpu: '250m', memory: '64Mi' } },
  envFrom: [{ prefix: 'ALL_', configMapRef: { name: 'settings' } }],
  env: [
    { name: 'LITERAL', value: 'a b  $c' },
    env('COLOUR', { configMapKeyRef: { name: 'settings', key: 'colour' } }),
    env('PASSWORD', { secretKeyRef: { name: 'key', key: 'password' } }),
    env('OPTIONAL', { configMapKeyRef: { name: 'none', key: 'none', optional: true } }),
    fieldRef('NAME', 'metadata.name'),
    fieldRef('NAMESPACE', 'metadata.namespace'),
    fieldRef('UID', 'metadata.uid'),
    fieldRef('LABEL', "metadata.labels['app']"),
    fieldRef('IP', 'status.podIP'),
    fieldRef('NODE', 'spec.nodeName'),
    fieldRef('ACCOUNT', 'spec.serviceAccountName'),
    env('CPU', { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } }),
    env('MEMORY', { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } }),
    { name: 'COMPOSED', value: '$(COLOUR)-$(PASSWORD)' },
    { name: 'ESCAPED', value: '$$(COLOUR)' },
    { name: 'UNKNOWN', value: '$(NOTHING)' },
  ],
});

const filesPod = pod(
  'files',
  {
    ...sh(files),
    volumeMounts: [
      mount('config', '/etc/config'),
      mount('only', '/etc/only'),
      mount('secret', '/etc/secret'),
      mount('info', '/etc/info'),
      mount('all', '/etc/all'),
      mount('work', '/work'),
    ],
  },
  {
    initContainers: [
      {
        name: 'prepare',
        ...sh('printf init > $SHALLOP_ROOT/work/note'),
        volumeMounts: [mount('work', '/work')],
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: 'settings' } },
      { name: 'only', configMap: { name: 'settings', items: [{ key: 'size', path: 'size.txt' }] } },
      { name: 'secret', secret: { secretName: 'key', defaultMode: 0o400 } },
      {
        name: 'info',
        downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
      },
      {
        name: 'all',
        projected: {
          sources: [
            { configMap: { name: 'settings' } },
            { secret: { name: 'key' } },
            { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
          ],
        },
      },
      { name: 'work', emptyDir: {} },
    ],
  },
);

const note = (word: string) => `echo ${word} >> $SHALLOP_ROOT/work/notes`;
const work = { volumeMounts: [mount('work', '/work')] };
const initsPod = pod(
  'inits',
  { ...sh(`${note('main')}; cat $SHALLOP_ROOT/work/notes; exec sleep 1000`), ...work },
  {
    initContainers: [
      { name: 'one', ...sh(`sleep 0.2; echo one was here; ${note('first')}`), ...work },
      { name: 'two', ...sh(`echo two was here; ${note('second')}`), ...work },
    ],
    volumes: [{ name: 'work', emptyDir: {} }],
  },
);

const fromMap = (name: string) => ({
  volumeMounts: [mount('v', `/${name}`)],
  volumes: [{ name: 'v', configMap: { name } }],
});
const watching = (name: string, container: object, spec: object = {}) => {
  const { volumes, volumeMounts } = fromMap(name);
  return pod(name, { ...container, volumeMounts }, { ...spec, volumes });
};
const probe = (script: string) => ({
  exec: { command: ['sh', '-c', script] },
  periodSeconds: 1,
  failureThreshold: 1,
});

const twice = '[ -e $SHALLOP_ROOT/work/tried ] && exit 0; touch $SHALLOP_ROOT/work/tried; exit 1';

export const manifests: object[] = [
  configMap('settings', { colour: 'red', size: 'big' }),
  configMap('gate', { open: 'no' }),
  configMap('lines', { more: 'no' }),
  { apiVersion: 'v1', kind: 'Secret', metadata: meta('key'), stringData: { password: 'geheim' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('gate'),
    spec: { selector: { app: 'gate' }, ports: [{ name: 'web', port: 80, targetPort: 8080 }] },
  },
  envPod,
  filesPod,
  initsPod,
  pod('bad-init', sh('exec sleep 1000'), { initContainers: [{ name: 'bad', image: 'crash' }] }),
  pod('waits', {
    ...sh('echo got $KEY; exec sleep 1000'),
    env: [env('KEY', { configMapKeyRef: { name: 'late', key: 'key' } })],
  }),
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: meta('caller'),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
  },
  pod(
    'caller',
    { image: 'server', command: [process.execPath, '-e', caller] },
    { restartPolicy: 'OnFailure' },
  ),
  pod('crash', { image: 'crash' }),
  pod('done', { image: 'done' }, { restartPolicy: 'Never' }),
  pod('failed', { image: 'crash' }, { restartPolicy: 'Never' }),
  pod(
    'second-try',
    { ...sh(twice), ...work },
    { restartPolicy: 'OnFailure', volumes: [{ name: 'work', emptyDir: {} }] },
  ),
  watching('gate', {
    image: 'server',
    ports: [{ containerPort: 8080 }],
    readinessProbe: probe('[ "$(cat $SHALLOP_ROOT/gate/open)" = yes ]'),
  }),
  pod('hangs', {
    ...sh('rm -f $SHALLOP_ROOT/hanging; echo alive; sleep 1; touch $SHALLOP_ROOT/hanging; exec sleep 1000'),
    livenessProbe: probe('[ ! -e $SHALLOP_ROOT/hanging ]'),
  }),
  watching('lines', sh(lines), { restartPolicy: 'Never' }),
  pod('stubborn', { image: 'stubborn' }, { terminationGracePeriodSeconds: 2 }),
  pod('polite', { image: 'server' }, { terminationGracePeriodSeconds: 3600 }),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } },
  configMap('settings', { colour: 'red' }, 'team'),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('web', 'team'),
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('web', 'team'),
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'c', image: 'server' }] },
      },
    },
  },
];

/** Applied later. */
export const more = [pod('stubborn-again', { image: 'stubborn' }, { terminationGracePeriodSeconds: 3600 })];
export const unknownImage = pod('unknown', { image: 'registry.invalid/nothing:v9' });
