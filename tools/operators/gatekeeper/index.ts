import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type Found, says } from '../kit.ts';
import type { Operator } from '../operator.ts';

const namespace = 'gatekeeper-system';
const name = 'gatekeeper';
const target = 'admission.k8s.gatekeeper.sh';
const labels = {
  type: 'object',
  properties: { labels: { type: 'array', items: { type: 'string' } } },
};
const template = (kind: string, rules: object) => ({
  apiVersion: 'templates.gatekeeper.sh/v1',
  kind: 'ConstraintTemplate',
  metadata: { name: kind.toLowerCase() },
  spec: {
    crd: { spec: { names: { kind }, validation: { openAPIV3Schema: labels } } },
    targets: [{ target, ...rules }],
  },
});
const inRego = template('NeedsLabels', {
  rego: `package needslabels
violation[{"msg": msg}] {
  wanted := {label | label := input.parameters.labels[_]}
  missing := wanted - {label | input.review.object.metadata.labels[label]}
  count(missing) > 0
  msg := sprintf("labels are missing: %v", [missing])
}`,
});
const inCel = template('NeedsLabelsToo', {
  code: [
    {
      engine: 'K8sNativeValidation',
      source: {
        generateVAP: true,
        validations: [
          {
            expression:
              'variables.params.labels.all(label, has(object.metadata.labels) && label in object.metadata.labels)',
            messageExpression: '"it wants " + variables.params.labels.join(" and ")',
          },
        ],
      },
    },
  ],
});
const constraint = (kind: string, on: string) => ({
  apiVersion: 'constraints.gatekeeper.sh/v1beta1',
  kind,
  metadata: { name: 'owner' },
  spec: {
    match: { kinds: [{ apiGroups: [''], kinds: [on] }] },
    parameters: { labels: ['owner', 'team'] },
  },
});
const core = (kind: string, name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind,
  metadata: { name },
  ...more,
});

interface Manifest {
  kind: string;
  metadata: object;
  spec: { template: { spec: object } };
}

/** Policies: definitions made at run time of templates, webhooks over all kinds, policies in CEL made by it, audits. */
export const gatekeeper: Operator = {
  name,
  module: 'github.com/open-policy-agent/gatekeeper/v3',
  program: 'github.com/open-policy-agent/gatekeeper/v3',
  // What it says of its own state belongs to the Pod that it is in.
  env: { POD_NAME: name },
  async manifests(folder) {
    const text = await readFile(join(folder, 'deploy/gatekeeper.yaml'), 'utf8');
    const all = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
    const { metadata, spec } = all.find(({ kind }) => kind === 'Deployment')!;
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name }, spec: spec.template.spec };
    return `${text}\n---\n${JSON.stringify(pod)}`;
  },
  // Without a list of operations it does all of them, which its two Deployments share.
  flags: ({ ports, kubeconfig, folder }) => [
    `--kubeconfig=${kubeconfig}`,
    `--port=${ports(443)}`,
    `--health-addr=127.0.0.1:${ports(9090)}`,
    `--prometheus-port=${ports(8888)}`,
    `--cert-dir=${join(folder, 'certs')}`,
    `--api-cache-dir=${join(folder, 'tmp/audit')}`,
    `--exempt-namespace=${namespace}`,
    '--audit-interval=3',
    '--default-wait-for-vapb-generation=1',
    '--shutdown-delay=0',
  ],
  async story(kit) {
    await kit.until('makes a definition of a template', async () => {
      await kit.apply(inRego, inCel);
      return says(await kit.find('crd', 'needslabels.constraints.gatekeeper.sh'), 'Established');
    });
    await kit.until('takes constraints of these definitions', async () => {
      await kit.apply(constraint('NeedsLabels', 'Namespace'), constraint('NeedsLabelsToo', 'ConfigMap'));
      return true;
    });
    await kit.refused(
      'refuses what the template in Rego forbids',
      /admission webhook "validation.gatekeeper.sh" denied the request: \[owner\] labels are missing: {"owner", "team"}/,
      core('Namespace', 'nobodys'),
    );
    await kit.until('tells what was there before', async () => {
      const { status } = await kit.get('needslabels', 'owner');
      const violations = (status?.violations ?? []) as { kind: string; name: string }[];
      return violations.some(({ kind, name }) => kind === 'Namespace' && name === 'default');
    });
    await kit.until('makes a policy in CEL and its binding', async () => {
      const bindings = await kit.get<{ items: Found[] }>('validatingadmissionpolicybindings');
      return bindings.items.some(({ metadata }) => metadata.ownerReferences?.[0]?.kind === 'NeedsLabelsToo');
    });
    await kit.refused(
      'whose rule the API judges by itself',
      /ValidatingAdmissionPolicy 'gatekeeper-needslabelstoo' with binding 'gatekeeper-needslabelstoo-owner' denied request: it wants owner and team/,
      core('ConfigMap', 'nobodys', { metadata: { name: 'nobodys', namespace: 'default' } }),
    );
    await kit.apply({
      apiVersion: 'mutations.gatekeeper.sh/v1',
      kind: 'Assign',
      metadata: { name: 'pull' },
      spec: {
        applyTo: [{ groups: [''], kinds: ['Pod'], versions: ['v1'] }],
        match: { scope: 'Namespaced' },
        location: 'spec.containers[name:*].imagePullPolicy',
        parameters: { assign: { value: 'Always' } },
      },
    });
    await kit.until('changes Pods by its webhook', async () => {
      await kit.kubectl(['delete', 'pod', 'web', '--ignore-not-found', '--now']);
      await kit.kubectl(['run', 'web', '--image=nginx:1', '--image-pull-policy=Never']);
      return JSON.stringify((await kit.get('pod', 'web')).spec).includes('"imagePullPolicy":"Always"');
    });
    await kit.kubectl(['delete', 'constrainttemplates', '--all', '--timeout=60s']);
    await kit.until('definitions, constraints and policies go with their templates', async () => {
      const { items } = await kit.get<{ items: Found[] }>('crds,validatingadmissionpolicies');
      return !items.some(({ metadata }) => /needslabels/.test(metadata.name));
    });
    await kit.apply(core('Namespace', 'nobodys'));
  },
};
