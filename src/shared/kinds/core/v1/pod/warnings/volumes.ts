import type { KeyToPath, Volume, VolumeProjection } from '../../../../schema/types.ts';
import { fractional } from './containers.ts';

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
  ...volumes.flatMap(overlaps),
];

/** A file of a volume, and where it comes from. */
interface File {
  path: string;
  source: string;
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
  const seen: File[] = [];
  return files.flatMap(({ path, source }) => {
    const file = { path: path.replace(/\/+$/, ''), source };
    const found = file.path === '' ? [] : seen.filter((other) => other.path !== '' && isWithin(file, other));
    seen.push(file);
    return found.map((other) => `${shown(file)} with ${shown(other)}`);
  });
}

const isWithin = (a: File, b: File) => isUnder(a.path, b.path) || isUnder(b.path, a.path);

const isUnder = (path: string, folder: string) =>
  path.startsWith(folder) && (path.length === folder.length || path[folder.length] === '/');

const shown = ({ path, source }: File) =>
  source ? `${JSON.stringify(path)} (${source})` : JSON.stringify(path);
