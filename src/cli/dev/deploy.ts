import { applyManifest } from '../kube/apply/index.ts';
import type { Connection } from '../kube/connection.ts';
import { apiVersionOf, kindName, pathOf, type Resource } from '../kube/discovery.ts';
import type { Manifest } from '../kube/manifests.ts';
import type { KubeObject } from '../kube/objects.ts';
import { imagesOf } from './manifests.ts';

/** Is the annotation of a Pod template that makes new Pods of it. */
const changedAt = 'shallop.dev/changed-at';

/** Applies objects, and tells what came of each. Throws at the first refusal, after which nothing else is sent. */
export async function deploy(
  connection: Connection,
  manifests: Manifest[],
  { out, err }: { out(line: string): void; err(line: string): void },
): Promise<void> {
  for (const manifest of manifests) {
    const options = {
      dryRun: 'none' as const,
      validation: 'Strict' as const,
      warn: (text: string) => err(`Warning: ${text}`),
    };
    const { word, object } = await applyManifest(connection, manifest, options);
    out(`${kindName(manifest.resource)}/${object.metadata.name} ${word}`);
  }
}

/** Gives an object that was made here what manifests of files have. */
export function manifestOf(object: KubeObject, resources: Resource[], namespace: string): Manifest {
  const resource = resources.find((r) => r.kind === object.kind && apiVersionOf(r) === object.apiVersion);
  if (!resource) throw new Error(`this control plane serves no ${object.kind}`);
  return { resource, namespace, object, source: 'shallop dev' };
}

/** Replaces the Pods of what runs one of the images, as `rollout restart` does. */
export async function roll(
  connection: Connection,
  manifests: Manifest[],
  images: string[],
  now: Date,
): Promise<string[]> {
  const rolled: string[] = [];
  for (const { resource, namespace, object } of manifests) {
    const isOurs = imagesOf(object).some((image) => images.includes(image));
    if (!isOurs || !replaced.includes(resource.kind)) continue;
    const template = { metadata: { annotations: { [changedAt]: now.toISOString() } } };
    await connection.json({
      method: 'PATCH',
      path: pathOf(resource, namespace, object.metadata.name),
      body: { spec: { template } },
      type: 'application/merge-patch+json',
    });
    rolled.push(`${resource.singular}/${object.metadata.name}`);
  }
  return rolled;
}

const replaced = ['Deployment', 'StatefulSet', 'DaemonSet'];
