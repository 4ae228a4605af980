import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { documentsIn } from '../kube/manifests.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Project } from './project.ts';

const folders = ['k8s', 'kubernetes', 'manifests', 'deploy'];

/** Finds the project's own manifests: a folder of a usual name, else files beside the program; none is an empty list. */
export function manifestsIn(folder: string): string[] {
  const named = folders.find((name) =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory(),
  );
  const place = named ?? '.';
  return readdirSync(join(folder, place))
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(place, name))
    .filter((file) => hasObjects(join(folder, file)))
    .sort();
}

/** Compose files, pipelines and values of charts are YAML too. */
function hasObjects(file: string): boolean {
  try {
    const documents = documentsIn(readFileSync(file, 'utf8'), file) as Partial<KubeObject>[];
    return documents.length > 0 && documents.every((each) => each?.apiVersion && each.kind && each.metadata);
  } catch {
    return false;
  }
}

/**
 * Returns which image of the manifests is the project's: the one that bears its name, else the only one.
 * @throws an Error that lists the images when it cannot be told.
 */
export function ownImage(objects: KubeObject[], { name }: Project): string {
  const images = [...new Set(objects.flatMap(imagesOf))];
  const own =
    images.find((image) => baseName(image) === name) ?? (images.length === 1 ? images[0] : undefined);
  if (own) return own;
  throw new Error(
    images.length
      ? `which image of the manifests is this project's? Say --image with one of ${images.join(', ')}`
      : 'the manifests have no Deployment, StatefulSet or the like with an image',
  );
}

/** `registry:5000/team/app:v1@sha256:…` is `app`. */
const baseName = (image: string): string =>
  image.replace(/@.*$/, '').replace(/^.*\//, '').replace(/:.*$/, '');

interface Template {
  spec?: {
    template?: { spec?: { containers?: { image?: string }[]; initContainers?: { image?: string }[] } };
  };
}

/** Returns the images of what has a Pod template. */
export function imagesOf(object: KubeObject): string[] {
  const { containers = [], initContainers = [] } = (object as Template).spec?.template?.spec ?? {};
  return [...initContainers, ...containers].flatMap(({ image }) => (image ? [image] : []));
}
