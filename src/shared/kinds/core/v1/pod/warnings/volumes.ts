import { addAll } from '../../../../../meta/lists.ts';
import type { KeyToPath, Volume, VolumeProjection } from '../../../../schema/types.ts';
import { fractional } from './containers.ts';
import { most } from './most.ts';

/** Types of volumes that nothing serves any more, and the field that warnings name. */
const outdated: [keyof Volume, string, string?][] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

/** Returns the warnings about volumes: outdated sources, fractions of bytes, projected files that overlap. */
export const volumeWarnings = (field: string, volumes: Volume[]): string[] => [
  ...volumes.flatMap((volume, i) => {
    const at = `${field}.volumes[${i}]`;
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec?.resources;
    const path = `${at}.ephemeral.volumeClaimTemplate.spec.resources`;
    return [
      ...outdated.flatMap(([type, why, shown = type]) => (volume[type] ? [`${at}.${shown}: ${why}`] : [])),
      ...fractional(`${path}.requests`, claim?.requests, ['storage']),
      ...fractional(`${path}.limits`, claim?.limits, ['storage']),
    ];
  }),
  ...most(overlapsOf(volumes)),
];

/** A file of a volume, and where it comes from. */
interface File {
  path: string;
  source: string;
}

function* overlapsOf(volumes: Volume[]): Generator<string> {
  for (const volume of volumes) yield* overlaps(volume);
}

/** Keys that would be written over one another. */
function overlaps({ name, configMap, secret, downwardAPI, projected }: Volume): string[] {
  if (!configMap?.items && !secret?.items && !downwardAPI?.items && !projected) return [];
  const warn = (what: string) => (overlap: string) =>
    `volume ${JSON.stringify(name)} (${what}): overlapping paths: ${overlap}`;
  const alone = (items: { path: string }[] = []) =>
    collisions(items.map(({ path }) => ({ path, source: '' })));
  return [
    ...alone(configMap?.items).map(warn(`ConfigMap ${JSON.stringify(configMap?.name ?? '')}`)),
    ...alone(secret?.items).map(warn(`Secret ${JSON.stringify(secret?.secretName ?? '')}`)),
    ...alone(downwardAPI?.items).map(warn('DownwardAPI')),
    ...(projected?.sources ?? [])
      .filter((source) => Object.keys(source).length === 0)
      .map(() => `volume ${JSON.stringify(name)} (Projected) has no sources provided`),
    ...collisions((projected?.sources ?? []).flatMap(filesOf)).map(warn('Projected')),
  ];
}

function filesOf({ configMap, secret, downwardAPI, serviceAccountToken: token }: VolumeProjection): File[] {
  const keyed = (items: KeyToPath[], source: string) => items.map(({ path }) => ({ path, source }));
  if (configMap?.items) return keyed(configMap.items, `ConfigMap ${JSON.stringify(configMap.name ?? '')}`);
  if (secret?.items) return keyed(secret.items, `Secret ${JSON.stringify(secret.name ?? '')}`);
  if (downwardAPI?.items) return downwardAPI.items.map(({ path }) => ({ path, source: 'DownwardAPI' }));
  return token ? [{ path: token.path, source: 'ServiceAccountToken' }] : [];
}

function collisions(files: File[]): string[] {
  if (files.length < 2) return [];
  const root = newFolder();
  return most(
    (function* () {
      for (const [order, { path, source }] of files.entries()) {
        const file = { path: path.replace(/\/+$/, ''), source, order };
        if (file.path === '') continue;
        const others = put(root, file).sort((a, b) => a.order - b.order);
        for (const other of others) yield `${shown(file)} with ${shown(other)}`;
      }
    })(),
  );
}

interface Placed extends File {
  order: number;
}

/** The files at a path, and those below it. */
interface Folder {
  at: Placed[];
  below: Placed[];
  inner: Map<string, Folder>;
}

const newFolder = (): Folder => ({ at: [], below: [], inner: new Map() });

/** Puts the file into the tree. @returns those that were there, over or under it. */
function put(root: Folder, file: Placed): Placed[] {
  const over: Placed[] = [];
  let folder = root;
  for (const part of file.path.split('/')) {
    addAll(over, folder.at);
    folder.below.push(file);
    const inner = folder.inner.get(part) ?? newFolder();
    folder.inner.set(part, inner);
    folder = inner;
  }
  addAll(over, folder.at, folder.below);
  folder.at.push(file);
  return over;
}

const shown = ({ path, source }: File) =>
  source ? `${JSON.stringify(path)} (${source})` : JSON.stringify(path);
