import { parseAllDocuments } from 'yaml';

interface Manifest {
  kind: string;
  metadata: object;
}

const acrossNamespaces = ['CustomResourceDefinition', 'ClusterRole', 'ClusterRoleBinding'];

/** Puts manifests that name no namespace into one, as `kubectl apply --namespace` does, and makes it. */
export function namespaced(manifests: string, namespace: string): Manifest[] {
  const all = parseAllDocuments(manifests).map((document) => document.toJS() as Manifest);
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } as Manifest,
    ...all.map((manifest) =>
      acrossNamespaces.includes(manifest.kind)
        ? manifest
        : { ...manifest, metadata: { namespace, ...manifest.metadata } },
    ),
  ];
}
