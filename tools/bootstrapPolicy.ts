/**
 * Writes the roles and bindings that Kubernetes begins with: `node tools/bootstrapPolicy.ts FOLDER`, where FOLDER is
 * plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata of the module k8s.io/kubernetes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../src/shared/kinds/schema/types.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node tools/bootstrapPolicy.ts FOLDER');

type Items = { items: unknown[] };
const read = <T>(...files: string[]): T[] =>
  files.flatMap((file) => (parse(readFileSync(join(folder, `${file}.yaml`), 'utf8')) as Items).items as T[]);

/** Kind and version follow from the place in the file. */
const plain = <T extends { apiVersion?: string; kind?: string }>({
  apiVersion: _version,
  kind: _kind,
  ...rest
}: T) => rest;

/** From the manifests of metrics-server, whose API is built in here. */
const metricsReader: ClusterRole = {
  metadata: {
    labels: Object.fromEntries(
      ['admin', 'edit', 'view'].map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, 'true']),
    ),
    name: 'system:aggregated-metrics-reader',
  },
  rules: [{ apiGroups: ['metrics.k8s.io'], resources: ['pods', 'nodes'], verbs: ['get', 'list', 'watch'] }],
};

const policy = {
  clusterRoles: [...read<ClusterRole>('cluster-roles', 'controller-roles').map(plain), metricsReader],
  clusterRoleBindings: read<ClusterRoleBinding>('cluster-role-bindings', 'controller-role-bindings').map(
    plain,
  ),
  roles: read<Role>('namespace-roles').map(plain),
  roleBindings: read<RoleBinding>('namespace-role-bindings').map(plain),
};
const target = join(import.meta.dirname, '../src/shared/auth/rbac/bootstrap/policy.json');
const lines = Object.entries(policy).map(
  ([name, objects]) =>
    `${JSON.stringify(name)}: [\n${objects.map((each) => JSON.stringify(each)).join(',\n')}\n]`,
);
writeFileSync(target, `{\n${lines.join(',\n')}\n}\n`);
