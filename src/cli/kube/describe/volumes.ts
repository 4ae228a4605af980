import type { Volume } from '../../../shared/kinds/schema/types.ts';
import type { Page } from './page.ts';

export function volumes(page: Page, list: Volume[] | undefined, indent = ''): void {
  page.write(0, `${indent}Volumes:${list?.length ? '' : '\t<none>'}\n`);
  for (const volume of list ?? []) {
    page.write(1, `${indent ? ' ' : ''}${volume.name}:\n`);
    for (const [title, value] of fieldsOf(volume)) page.field(2, title, value);
  }
}

type Field = [title: string, value: unknown];

function fieldsOf({
  emptyDir,
  configMap,
  secret,
  hostPath,
  persistentVolumeClaim,
  projected,
  ...rest
}: Volume): Field[] {
  if (hostPath)
    return [
      ['Type', 'HostPath (bare host directory volume)'],
      ['Path', hostPath.path],
      ['HostPathType', hostPath.type ?? ''],
    ];
  if (emptyDir)
    return [
      ['Type', "EmptyDir (a temporary directory that shares a pod's lifetime)"],
      ['Medium', emptyDir.medium ?? ''],
      ['SizeLimit', emptyDir.sizeLimit ?? '<unset>'],
    ];
  if (configMap)
    return [
      ['Type', 'ConfigMap (a volume populated by a ConfigMap)'],
      ['Name', configMap.name],
      ['Optional', configMap.optional ?? false],
    ];
  if (secret)
    return [
      ['Type', 'Secret (a volume populated by a Secret)'],
      ['SecretName', secret.secretName],
      ['Optional', secret.optional ?? false],
    ];
  if (persistentVolumeClaim)
    return [
      ['Type', 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)'],
      ['ClaimName', persistentVolumeClaim.claimName],
      ['ReadOnly', persistentVolumeClaim.readOnly ?? false],
    ];
  if (projected)
    return [
      ['Type', 'Projected (a volume that contains injected data from multiple sources)'],
      ...sources(projected),
    ];
  const { name: _, ...others } = rest;
  return [['Type', Object.keys(others)[0] ?? '<unknown>']];
}

const sources = (projected: NonNullable<Volume['projected']>): Field[] =>
  (projected.sources ?? []).flatMap(({ secret, configMap, downwardAPI, serviceAccountToken }): Field[] => {
    if (secret)
      return [
        ['SecretName', secret.name],
        ['Optional', secret.optional ?? false],
      ];
    if (downwardAPI) return [['DownwardAPI', true]];
    if (configMap)
      return [
        ['ConfigMapName', configMap.name],
        ['Optional', configMap.optional ?? false],
      ];
    return serviceAccountToken ? [['TokenExpirationSeconds', serviceAccountToken.expirationSeconds]] : [];
  });
