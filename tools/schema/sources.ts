/** Where the facts come from: Go modules, fetched with `go mod download` (a development aid; users never run it). */
import { execFileSync } from 'node:child_process';

export const release = 'v0.35.4';

export interface SourcePackage {
  /** Go module path. */
  module: string;
  /** Folder inside the module. */
  folder: string;
  /** API group, '' for the core group. */
  group: string;
  version: string;
  /** Prefix of the names in OpenAPI documents. */
  model: string;
  files: string[];
  /** The types that are wanted, where that is not all. */
  only?: (name: string) => boolean;
}

const api = (go: string, group: string, version = 'v1'): SourcePackage => ({
  module: 'k8s.io/api',
  folder: `${go}/${version}`,
  group,
  version,
  model: `io.k8s.api.${go}.${version}`,
  files: ['types.go'],
});

/** Of earlier versions of the group only mutating policies are served, and what they are made of. */
const mutatingPolicies = (version: string): SourcePackage => ({
  ...api('admissionregistration', 'admissionregistration.k8s.io', version),
  only: (name) =>
    !/^(Validat|MutatingWebhook|WebhookClient|ServiceRef|SideEffect|TypeCheck|ExpressionWarn|Audit)/.test(
      name,
    ),
});

/** In order of precedence: where two packages use one name, the earlier keeps the plain one. */
export const packages: SourcePackage[] = [
  {
    module: 'k8s.io/apimachinery',
    folder: 'pkg/apis/meta/v1',
    group: 'meta.k8s.io',
    version: 'v1',
    model: 'io.k8s.apimachinery.pkg.apis.meta.v1',
    files: ['types.go', 'group_version.go'],
  },
  api('core', ''),
  api('apps', 'apps'),
  api('batch', 'batch'),
  api('autoscaling', 'autoscaling', 'v2'),
  api('autoscaling', 'autoscaling', 'v1'),
  api('networking', 'networking.k8s.io'),
  api('policy', 'policy'),
  api('rbac', 'rbac.authorization.k8s.io'),
  api('authentication', 'authentication.k8s.io'),
  api('storage', 'storage.k8s.io'),
  api('coordination', 'coordination.k8s.io'),
  api('events', 'events.k8s.io'),
  api('discovery', 'discovery.k8s.io'),
  api('authorization', 'authorization.k8s.io'),
  api('scheduling', 'scheduling.k8s.io'),
  api('node', 'node.k8s.io'),
  api('certificates', 'certificates.k8s.io'),
  api('admissionregistration', 'admissionregistration.k8s.io'),
  mutatingPolicies('v1beta1'),
  mutatingPolicies('v1alpha1'),
  api('flowcontrol', 'flowcontrol.apiserver.k8s.io'),
  api('resource', 'resource.k8s.io'),
  {
    module: 'k8s.io/apiextensions-apiserver',
    folder: 'pkg/apis/apiextensions/v1',
    group: 'apiextensions.k8s.io',
    version: 'v1',
    model: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
    files: ['types.go', 'types_jsonschema.go'],
  },
  {
    module: 'k8s.io/kube-aggregator',
    folder: 'pkg/apis/apiregistration/v1',
    group: 'apiregistration.k8s.io',
    version: 'v1',
    model: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1',
    files: ['types.go'],
  },
  {
    module: 'k8s.io/metrics',
    folder: 'pkg/apis/metrics/v1beta1',
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    model: 'io.k8s.metrics.pkg.apis.metrics.v1beta1',
    files: ['types.go'],
  },
  // What webhooks are asked and answer.
  api('admission', 'admission.k8s.io'),
];

/** Puts each module into the Go module cache and returns its folder there. */
export function downloadModules(): Map<string, string> {
  const folders = new Map<string, string>();
  for (const module of new Set(packages.map((p) => p.module))) {
    const output = execFileSync('go', ['mod', 'download', '-json', `${module}@${release}`], {
      cwd: '/',
      encoding: 'utf8',
    });
    folders.set(module, (JSON.parse(output) as { Dir: string }).Dir);
  }
  return folders;
}
