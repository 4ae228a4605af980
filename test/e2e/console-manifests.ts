/** Programs as images: `shop:v2` is ready once there is the file that GATE names. */
export const images: Record<string, string> = {
  'shop:v1': `trap 'exit 0' TERM; echo shop v1 listens; sleep 1000 & while :; do wait; done`,
  'shop:v2': `trap 'exit 0' TERM; echo shop v2 listens; sleep 1000 & while :; do wait; done`,
  'worker:v1': 'echo starting; echo the queue does not answer >&2; exit 3',
};

const workload = (name: string, image: string, replicas: number, container = {}) => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image, ...container }] },
    },
  },
});

/** The newest version: `gate` has to be there before one of its Pods is ready. */
export const shop = (version: 'v1' | 'v2', gate: string) =>
  workload('shop', `shop:${version}`, 3, {
    ports: [{ containerPort: 8080 }],
    readinessProbe: {
      exec: { command: ['sh', '-c', version === 'v1' ? 'true' : `test -e ${gate}`] },
      periodSeconds: 1,
    },
  });

/** Is there to be entered. */
export const shell = {
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'shell' } },
  spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'shop:v1' }] },
};

export const worker = workload('worker', 'worker:v1', 1);

export const service = {
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop' } },
  spec: { selector: { app: 'shop' }, ports: [{ port: 80, targetPort: 8080 }] },
};

/** Is nowhere else, so that it is found wherever it goes. */
export const hiddenWord = 'sesame-Zm9v-open';
export const secret = {
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'door', annotations: { copy: hiddenWord } } },
  stringData: { word: hiddenWord },
};

/** May look at Pods of a namespace, and at nothing else. */
export const looker = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'looker' } },
  {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'look' } },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  },
  {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'look' } },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'look' },
    subjects: [{ kind: 'ServiceAccount', name: 'looker', namespace: 'default' }],
  },
];
