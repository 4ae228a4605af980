/** Manifests in the folder m, by name. */
export const manifests: Record<string, string> = {
  'app.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: c
          image: nginx:1
          ports: [{containerPort: 80, name: http}]
          env: [{name: A, value: "1"}, {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
          resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 32Mi}}
          readinessProbe: {httpGet: {path: /, port: http}}
          volumeMounts: [{name: conf, mountPath: /conf}, {name: tmp, mountPath: /a/tmp, subPath: x}]
      volumes:
        - {name: conf, configMap: {name: conf}}
        - {name: tmp, emptyDir: {}}
---
apiVersion: v1
kind: Service
metadata: {name: web, annotations: {note: "hello", long: "${'x'.repeat(150)}"}}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http, name: http}, {port: 81, name: other}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: conf, labels: {b: "2", a: "1"}}
data: {a: "1", text: "one\\ntwo\\n", odd: "no", empty: ""}
`,
  'changed.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {new: "yes"}
spec:
  replicas: 3
  strategy: {type: Recreate}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: side
          image: side:1
        - name: c
          image: nginx:2
          env: [{name: B, value: "2"}]
`,
  'list.yaml': `apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: l1}, data: {a: "1"}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: l2}, data: {a: "1"}}
`,
  'owned.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: owned}
data: {a: "1"}
`,
  'contested.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: owned}
data: {a: "2", b: "2"}
`,
  'bad-field.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: bad}
daata: {a: "1"}
`,
  'invalid.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: Bad_Name}
spec:
  replicas: -1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: other}}
    spec: {containers: []}
`,
  'vars.env': '# variables\nA=1\n  B=two words\nEMPTY=\n',
  'nightly.yaml': `apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    metadata: {annotations: {from: nightly}}
    spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: busybox, command: [date]}]}}}
`,
  'columns.txt': 'NAME  NS\nmetadata.name {.metadata.namespace}\n',
  'quotes.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: quotes}
data: {star: '*', double: '"x"', single: "it's", colon: 'a: b', hash: 'a #b', yes: 'yes', number: '1', lines: "a\\nb\\n", blank: ' x', end: 'x ', dash: '-', item: '- x', key: '? x', empty: '', at: '@x', percent: '%x', both: "\\"'", tilde: '~', flow: '{x}', date: '2001-01-01', comma: 'a, b', pipe: '|'}
`,
  'secret.yaml': `apiVersion: v1
kind: Secret
metadata: {name: made}
data: {a: Mg==, new: bmV3}
`,
  'unknown.yaml': `apiVersion: example.com/v1
kind: Widget
metadata: {name: w}
`,
  'immutable.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: other}}
  template:
    metadata: {labels: {app: other}}
    spec: {containers: [{name: c, image: "nginx:1"}]}
`,
};

/** By kubectl, before anything is compared. */
export const preparations = [
  'apply -n read -f m/app.yaml',
  'run -n read one --image=busybox --labels=run=one -- sh -c sleep',
  'create -n read secret generic hidden --from-literal=password=abc',
  'create -n read -f m/quotes.yaml',
  'wait -n read --for=condition=Available deployment/web --timeout=20s',
  'wait -n read --for=condition=Ready pod/one --timeout=20s',
];

const get = [
  'pods',
  'pods -o wide',
  'po -l app=web --show-labels',
  'pods -A',
  'pods -A -o wide --no-headers',
  'pod one -o yaml',
  'pod one -o json',
  'pods -o json',
  'svc,deploy',
  'svc,deploy -o name',
  'services -o yaml',
  'deployment.apps/web configmap/conf',
  'deployments.v1.apps web -o wide',
  'all',
  'all -A',
  'cm conf -o yaml',
  'secret hidden -o yaml',
  'nodes',
  'ns',
  "pods -o 'jsonpath={.items[*].metadata.name}'",
  `pods -o 'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'`,
  "deployment web -o 'jsonpath={.spec.template.spec.containers[0]}'",
  'pods --sort-by=.metadata.name',
  'pods --field-selector status.phase=Running',
  'pods --field-selector status.phase=Failed',
  'pods -l app=nobody -A',
  'pods -l app=nobody -o json',
  'pod ghost',
  'pod one ghost',
  'pod ghost --ignore-not-found',
  'widgets',
  'pods --field-selector nonsense=1',
  'endpointslices',
  'events --field-selector involvedObject.name=one',
  'rs --show-kind',
  'pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image,L:.metadata.labels,N:{.nope},X:spec.tolerations[0]',
  'pods -o custom-columns=NAME:.metadata.name --no-headers -A',
  'pod -o custom-columns=A',
  'pod -o custom-columns=',
  'pod -o custom-columns=A:{b',
  'pod -o custom-columns',
  'pods,svc -o custom-columns=NAME:.metadata.name,K:.kind',
  'pod nope -o custom-columns=NAME:.metadata.name',
  'pods -o custom-columns-file=m/columns.txt',
  'pods -o custom-columns-file=m/nope.txt',
  'pods --output-watch-events',
  'pods -l none=x -o custom-columns=NAME:.metadata.name',
  'pods --sort-by=.metadata.creationTimestamp',
  'pods --sort-by={.metadata.name} -o name',
  'nodes -o custom-columns=P:.status.capacity.pods,L:.metadata.labels',
  'pods --sort-by=.status.phase -o name',
];

const describes = [
  'pod one',
  'pods -l app=web',
  'deployment web',
  'rs',
  'service web',
  'svc kubernetes -n default',
  'cm conf',
  'secret hidden',
  'pod ghost',
  'endpoints web',
  'sa default',
  'lease -n kube-node-lease',
];

const waits = [
  '--for=condition=Ready pod/one',
  '--for=condition=ready=TRUE pod one',
  '--for=condition=Available deployment/web -o name',
  '--for=condition=Ready pods -l run=one',
  '--for=condition=Ready pods -l app=nobody',
  '--for=condition=Ready pods',
  '--for=condition=Nope pod/one --timeout=1s',
  '--for=condition=Nope pod/one --timeout=0',
  '--for=condition=Ready pod/ghost --timeout=1s',
  '--for=condition=Available deployment/ghost deployment/web --timeout=1s',
  '--for=jsonpath={.status.phase}=Running pod/one',
  '\'--for=jsonpath={.status.phase}="Running"\' pod/one',
  '--for=jsonpath={.status.podIP} pod/one',
  '--for=jsonpath={.status.phase}= pod/one',
  '--for=jsonpath={.status} pod/one',
  '--for=jsonpath={.status}=x pod/one',
  '--for=jsonpath={.spec.replicas}=2 deployment/web',
  '--for=jsonpath={.a}=b=c deployment/web',
  '--for=delete pod/ghost',
  '--for=delete pod/one --timeout=1s',
  '--for=delete pods -l app=nobody',
  '--for=create pod/one',
  '--for=create pod/ghost --timeout=1s',
  '--for=nonsense pod/one',
];

/** The same. */
const ran = [
  'x --image=r.example/web:v1 --port=80 --env=A=1 --env=B=x=y',
  'x --image=busybox --restart=Never -- date -u',
  'x --image=busybox --restart=OnFailure --command -- sh -c true',
  'x --image=busybox --labels=a=b,c=d --annotations=e=f --image-pull-policy=Never --privileged',
];

const explained = [
  'pods',
  'pod.spec.containers',
  'deployment.spec.strategy --recursive',
  'deployments.apps.spec.replicas',
  'pods.spec --recursive',
  'pods.spec.dnsPolicy',
  'cm.data',
  'crd.spec.versions.schema.openAPIV3Schema',
  'hpa --api-version=autoscaling/v1',
  'cm --api-version=nope/v1',
  'pods.spec.nope',
  'widgets',
  'pods pods',
  'pods -o nope',
];

/** Shown, not made. */
const made = [
  'namespace n',
  'serviceaccount s',
  'deployment d --image=r.example/team/web:v1 --port=80 --replicas=2',
  'deployment d --image=web -- sh -c true',
  'deploy d --image=web,side:2',
  'configmap c --from-literal=a=1 --from-literal=b=x=y --from-file=m/list.yaml --from-file=k=m/owned.yaml',
  'configmap c --from-file=m',
  'configmap c --from-env-file=m/vars.env',
  'secret generic s --from-literal=a=1 --from-file=m/owned.yaml --type=example.com/t',
  'job j --image=busybox -- date',
  'cronjob c --image=x --schedule=1 -- date -u',
  'secret tls t',
  'secret tls t --cert=m/list.yaml --key=m/list.yaml',
  'secret tls t --cert=m/nope --key=m/list.yaml',
  'secret docker-registry d --docker-username=u --docker-password=p --docker-email=e@x',
  'secret docker-registry d',
  'service clusterip s --tcp=80 --tcp=81:http',
  'service clusterip s --clusterip=None',
  'service clusterip s',
  'service nodeport s --tcp=80:8080 --node-port=30080',
  'service loadbalancer s --tcp=80:8080,81',
  'service externalname s --external-name=x.example',
  'service externalname s',
  'ingress i --rule=foo.com/bar=svc:80,tls=cert --rule=foo.com/*=svc:http --rule=/x=o:1 --class=c --annotation=a=b',
  'ingress i --default-backend=s:80 --rule=a.b/x=s:1,tls --rule=c.d/x=s:1,tls=q --rule=e.f/x=s:1,tls=q',
  'ingress i',
  'ingress i --rule=nope',
  'cronjob c --image=x --schedule=1 --restart=Never',
  'cronjob c --image=x',
  'role r --verb=get,list --verb=get --resource=pods,deployments.apps/scale,cm --resource-name=a',
  'role r --verb=* --resource=*',
  'role r --verb=odd --resource=pods',
  'role r --resource=pods',
  'role r --verb=get',
  'role r --verb=get --resource=widgets',
  'role r --verb=bind --resource=pods',
  'role r --verb=bind --resource=clusterroles.rbac.authorization.k8s.io',
  'rolebinding b --role=r --user=u --group=g --serviceaccount=n:s',
  'rolebinding b --clusterrole=r --serviceaccount=n',
  'rolebinding b',
  'clusterrole c --verb=get --non-resource-url=/x/* --resource=nodes',
  'clusterrole c --aggregation-rule=a=b,c=d',
  'clusterrole c --verb=list --non-resource-url=/x',
  'clusterrole c --verb=get --non-resource-url=x',
  'clusterrolebinding b --clusterrole=c --user=u',
  'clusterrolebinding b --user=u',
  'poddisruptionbudget p --selector=app=x --min-available=50%',
  'pdb p --selector=app=x,b=c --max-unavailable=1',
  'pdb p --selector=app=x',
  'pdb p --min-available=1',
  'pdb p --selector=app=x --min-available=x',
  'quota q --hard=pods=3,requests.cpu=1 --scopes=BestEffort',
  'quota q',
  'quota q --hard=pods',
  'priorityclass p --value=100 --global-default --description=d --preemption-policy=Never',
  'priorityclass p',
];

export const cases = {
  /** With the same namespace, by both. */
  reads: [
    ...get.map((rest) => `get ${rest}${/-A|-n /.test(rest) ? '' : ' -n read'}`),
    ...describes.map((rest) => `describe ${rest}${/-n /.test(rest) ? '' : ' -n read'}`),
    ...waits.map((rest) => `wait ${rest} -n read`),
    'label pod one --list -n read',
    'annotate svc web --list -n read -o name',
    'label pod one -n read',
    'label pod -n read a=b',
    'label -n read a=b',
    'label pod one a=b c d=e -n read',
    'label pod one a=b=c -n read',
    "label pod one 'a=b c' -n read",
    'label pod one a=b a- -n read',
    'label pods --all -l a=b a=b -n read',
    'annotate pod one a=b a- -n read',
    'annotate pod one -n read',
    'patch pod one -n read',
    'patch pod one -n read -p {} --patch-file x',
    'patch pod one -n read --patch-file ghost',
    'patch pod one -n read -p {} --type=nonsense',
    'patch pod ghost -n read -p {}',
    'patch pod one -n read -p {}',
    'auth can-i create deployments -n read',
    'auth can-i get pods/one -n read',
    'auth can-i get pods --subresource=log -A',
    'auth can-i list nodes',
    'auth can-i list clusterroles.rbac.authorization.k8s.io',
    'auth can-i get widgets',
    'auth can-i get widgets.example.com/w',
    "auth can-i '*' '*'",
    'auth can-i get /metrics',
    'auth can-i get pods -q',
    'auth whoami',
    'cordon shallop --dry-run=client',
    'cordon nodes/shallop --dry-run=server',
    'uncordon shallop',
    'uncordon ghost',
    'cordon -l a=nobody',
    'drain shallop --dry-run=client',
    'drain shallop --dry-run=client --force',
    'drain shallop --dry-run=client --force --delete-emptydir-data --ignore-daemonsets',
    'drain shallop --dry-run=server --pod-selector=run=one --force',
    'drain nodes/shallop --dry-run=client --pod-selector=app=web --delete-emptydir-data',
    'drain shallop --dry-run=client --pod-selector=a=nobody',
    'drain ghost',
    'drain -l a=nobody',
    ...explained.map((rest) => `explain ${rest}`),
    'get cm quotes -n read -o yaml',
    'diff -f m/changed.yaml -n read',
    'diff -f m/nowhere.yaml',
    'diff -f m/unknown.yaml',
    'diff -f m/owned.yaml --force-conflicts',
    'edit cm ghost -n read',
    'debug one',
    'debug one --replace --image=x',
    'debug one --image=x --copy-to=c --target=a',
    'debug one --image=x -t',
    'debug ghost --image=x',
    'debug one --image=x --profile=nope',
    'debug one --copy-to=c',
    'debug one --copy-to=c -- sh',
    'debug --image=x',
    'cp a b',
    'cp a',
    'cp a:b c:d',
    'cp :x y',
    'cp a/b/c:x y',
    'cp x one:',
    'cp nope one:/tmp -n read',
    'cp m ghost:/tmp -n read',
    'top pods -n read',
    'top pods -A --no-headers',
    'top pod one --containers -n read',
    'top pods -n read --sum --sort-by=memory',
    'top pods -n read --sort-by=nonsense',
    'top pod ghost -n read',
    'top pods -n read -l run=one',
    'top nodes',
    'top node ghost',
    ...made.map((rest) => `create ${rest} -n read --dry-run=client -o yaml`),
    ...ran.map((rest) => `run ${rest} -n read --dry-run=client -o yaml`),
    'create configmap c --from-literal=a=1 --from-literal=a=2',
    'create configmap c --from-literal=a!=1',
    'create configmap c --from-literal=a',
    'create configmap c --from-file=ghost',
    'create configmap c --from-file=x=m',
    'create secret generic s --from-literal=a=1 --from-literal=a=2',
    'create deployment d --image=a --image=b -- sh',
    'create job j',
    'create job j --from=cronjob/ghost',
    'api-resources',
    'api-resources -o name',
    'api-resources -o wide --namespaced=false',
    'rollout status deployment/web -n read',
    'rollout history deployment/web -n read',
    'rollout history deployment/web -n read --revision=1',
    'rollout history deployment/web -n read --revision=7',
    'logs -n read one',
    'logs -n read ghost',
    'logs -n read one -c nope',
    'logs -n read deployment/web',
  ],
  /** In order, NS is each tool's own namespace. */
  writes: [
    'apply -n NS -f m/app.yaml',
    'apply -n NS -f m/app.yaml',
    'apply -n NS -f m/changed.yaml --dry-run=server',
    'apply -n NS -f m/changed.yaml --dry-run=client',
    'apply -n NS -f m/changed.yaml',
    "get -n NS deployment web -o 'jsonpath={.spec.template.spec}'",
    "get -n NS deployment web -o 'jsonpath={.metadata.labels} {.spec.strategy} {.spec.replicas}'",
    'apply -n NS -f m/changed.yaml',
    'apply -n NS -f m/app.yaml',
    "get -n NS deployment web -o 'jsonpath={.spec.template.spec}'",
    "get -n NS cm conf -o 'jsonpath={.metadata.annotations}'",
    'apply -n NS -f m/list.yaml',
    'apply -n NS -f m/list.yaml -o name',
    'apply -n NS -f m/bad-field.yaml',
    'apply -n NS -f m/bad-field.yaml --validate=warn',
    'apply -n NS -f m/invalid.yaml',
    'apply -n NS -f m/unknown.yaml',
    'apply -n NS -f m/immutable.yaml',
    'apply -n NS -f m/nowhere.yaml',
    'apply -n NS -f m/owned.yaml --server-side',
    'apply -n NS -f m/owned.yaml --server-side --dry-run=server',
    'apply -n NS -f m/contested.yaml --server-side --field-manager=other',
    'apply -n NS -f m/contested.yaml --server-side --field-manager=other --force-conflicts',
    "get -n NS cm owned -o 'jsonpath={.data}'",
    'rollout status -n NS deployment/web --timeout=20s --watch=false',
    'set image -n NS deployment/web c=nginx:3',
    'set image -n NS deployment/web c=nginx:3',
    'set image -n NS deployment/web nope=nginx:3',
    'rollout pause -n NS deployment/web',
    'rollout pause -n NS deployment/web',
    'rollout restart -n NS deployment/web',
    'rollout undo -n NS deployment/web',
    'rollout resume -n NS deployment/web',
    'rollout resume -n NS deployment/web',
    'rollout undo -n NS deployment/web --to-revision=77',
    'rollout undo -n NS deployment/web',
    'rollout restart -n NS deployment/web',
    'rollout restart -n NS cm/conf',
    'rollout status -n NS cm/conf',
    'label -n NS deployment/web tier=front',
    'label -n NS deployment/web tier=front',
    'label -n NS deployment/web tier=back',
    'label -n NS deployment/web tier=back new=one --dry-run=client',
    'label -n NS deployment/web tier=back new=one --dry-run=server',
    'label -n NS deployment/web svc/web tier=back --overwrite',
    'label -n NS deployment/web gone-',
    'label -n NS deployment/web tier-',
    'label -n NS cm/conf a- -o name',
    'label -n NS deployments --all all=yes',
    'label -n NS -f m/list.yaml of=list',
    'label -n NS deployment/ghost a=b',
    'label -n NS deployment/web bad!key=x',
    'label -n NS deployment/web a=b --resource-version=1',
    "get -n NS deployment,svc,cm -o 'jsonpath={.items[*].metadata.labels}'",
    'annotate -n NS deployment/web who=me what=this',
    'annotate -n NS deployment/web who=you',
    'annotate -n NS deployment/web who=you what=that --overwrite',
    'annotate -n NS deployment/web who- gone-',
    'annotate -n NS cm --all kubernetes.io/change-cause=because',
    "get -n NS cm conf -o 'jsonpath={.metadata.annotations.kubernetes\\.io/change-cause}'",
    `patch -n NS deployment web -p '{"spec":{"replicas":4}}'`,
    'wait -n NS --for=jsonpath={.status.availableReplicas}=4 deployment/web',
    `patch -n NS deployment web -p '{"spec":{"replicas":4}}'`,
    `patch -n NS deployment web -p 'spec: {template: {spec: {containers: [{name: c, image: "nginx:9"}]}}}' -o name`,
    `patch -n NS deployment web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":3}]'`,
    `patch -n NS deployment web --type=merge --subresource=scale -p '{"spec":{"replicas":2}}'`,
    `patch -n NS deployment web --type=merge -p '{"spec":{"replicas":7}}' --dry-run=server`,
    `patch -n NS deployment web --type=merge -p '{"spec":{"replicas":7}}' --dry-run=client`,
    `patch -n NS deployment web -p '{"spec":{"replicas":"many"}}'`,
    `patch -n NS deployment web -p '{"spec":{"replicas":-1}}'`,
    `patch -n NS deployment web --type=json -p '[{"op":"remove","path":"/spec/nope"}]'`,
    `patch -n NS -f m/owned.yaml -p '{"data":{"c":"3"}}'`,
    "get -n NS deployment web -o 'jsonpath={.spec.replicas} {.spec.template.spec.containers[*].image}'",
    'scale -n NS deployment/web --replicas=5',
    'scale -n NS deployment/web --replicas=1 --current-replicas=9',
    'scale -n NS deployment/ghost --replicas=1',
    'create -n NS configmap made --from-literal=a=1',
    'create -n NS configmap made --from-literal=a=1',
    'create -n NS secret generic made --from-literal=a=1',
    'create -n NS secret generic made --from-literal=a=1',
    "get -n NS cm,secret made -o 'jsonpath={.items[*].data} {.items[*].type}'",
    'diff -n NS -f m/secret.yaml',
    'diff -n NS -f m/owned.yaml',
    'diff -n NS -f m/contested.yaml --server-side',
    'diff -n NS -f m/invalid.yaml',
    'create -n NS serviceaccount made -o name',
    'create -n NS deployment made --image=nginx:1 --port=80 --dry-run=server',
    'create -n NS deployment made --image=nginx:1 --port=80',
    'create -n NS deployment made --image=nginx:1',
    'create -n NS deployment Bad_Name --image=nginx:1',
    "get -n NS deployment made -o 'jsonpath={.spec.template.spec.containers}'",
    'create -n NS -f m/nightly.yaml',
    'create -n NS -f m/nightly.yaml',
    'create -n NS job now --from=cronjob/nightly',
    'create -n NS job now --from=cronjob/nightly',
    "get -n NS job now -o 'jsonpath={.metadata.annotations} {.metadata.ownerReferences[*].kind} {.spec.template.spec.containers[*].command}'",
    'create -n NS role reader --verb=get --resource=pods',
    'create -n NS role reader --verb=get --resource=pods',
    'create -n NS rolebinding readers --role=reader --user=ada -o name',
    'create -n NS service clusterip made --tcp=80:8080',
    'create -n NS service nodeport made --tcp=80',
    'create -n NS service externalname elsewhere --external-name=x.example',
    'create -n NS ingress made --rule=a.example/*=made:80,tls=cert',
    'create -n NS poddisruptionbudget made --selector=app=made --min-available=1',
    'create -n NS quota made --hard=pods=many',
    'create -n NS quota made --hard=count/pods=3',
    'create -n NS cronjob made --image=x --schedule=never',
    'create -n NS secret docker-registry pull --docker-username=u --docker-password=p',
    'create -n NS token ghost',
    'create -n NS token made --duration=1s',
    'create -n NS token made --bound-object-kind=Cat',
    "get -n NS role,rolebinding,ingress,pdb,quota,service -o 'jsonpath={.items[*].spec.rules} {.items[*].rules} {.items[*].roleRef} {.items[*].spec.hard}'",
    'create -n NS -f m/bad-field.yaml',
    'create namespace read',
    'run -n NS ran --image=busybox --restart=Never -- date',
    'run -n NS ran --image=busybox',
    "get -n NS pod ran -o 'jsonpath={.metadata.labels} {.spec.containers[*].args} {.spec.restartPolicy}'",
    'debug -n NS ran --image=side -c eph --target=ran --env=A=b --profile=general -- sh -c true',
    "get -n NS pod ran -o 'jsonpath={.spec.ephemeralContainers}'",
    'debug -n NS ran --copy-to=copied -c ran --profile=general --same-node -- sleep 9',
    "get -n NS pod copied -o 'jsonpath={.metadata.labels} {.spec.containers} {.spec.shareProcessNamespace} {.spec.nodeName}'",
    'debug -n NS ran --copy-to=other --set-image=*=other:v1 --keep-labels',
    "get -n NS pod other -o 'jsonpath={.metadata.labels} {.spec.containers[*].image}'",
    'debug -n NS other --copy-to=third --image=side -c added --replace --share-processes',
    "get -n NS pod third -o 'jsonpath={.metadata.labels} {.spec.containers[*].name} {.spec.shareProcessNamespace}'",
    'delete -n NS cm l1 --dry-run=server',
    'delete -n NS cm l1',
    'delete -n NS cm l1',
    'delete -n NS cm l1 --ignore-not-found',
    'delete -n NS cm -l none=none',
    'delete -n NS cm/l2 -o name',
    'delete -n NS pod ghost --force --grace-period=0',
    'delete -n NS -f m/app.yaml',
    'delete -n NS -f m/app.yaml',
    'delete -n NS -f m/app.yaml --ignore-not-found',
    'get -n NS deployments -o name',
    'get namespace NS -o name',
    'delete namespace NS',
  ],
};
