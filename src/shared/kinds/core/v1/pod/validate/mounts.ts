import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import type { Container, VolumeMount } from '../../../../schema/types.ts';
import { forbidden, invalidValue, missing, notSupported, required } from '../../../../validation/causes.ts';
import { descendingPath } from '../../../../validation/paths.ts';
import type { Scope } from './containers.ts';

/** Some findings stand at the list instead of the mount, as Kubernetes has it. */
export function validMounts(field: string, container: Container, volumes: Set<string>): Cause[] {
  const devices = container.volumeDevices ?? [];
  const paths = new Set<string>();
  return (container.volumeMounts ?? []).flatMap((mount, i) => {
    const at = `${field}[${i}]`;
    const { name, mountPath } = mount;
    const causes = name ? [] : [required(`${at}.name`)];
    if (!volumes.has(name)) causes.push(missing(`${at}.name`, name));
    if (!mountPath) causes.push(required(`${at}.mountPath`));
    if (paths.has(mountPath)) causes.push(invalidValue(`${at}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    if (devices.some((d) => d.name === name)) {
      causes.push(invalidValue(`${at}.name`, name, 'must not already exist in volumeDevices'));
    }
    if (devices.some((d) => d.devicePath === mountPath)) {
      const why = 'must not already exist as a path in volumeDevices';
      causes.push(invalidValue(`${at}.mountPath`, mountPath, why));
    }
    addAll(causes, validSubPaths(field, at, mount), validModes(field, mount, container));
    return causes;
  });
}

function validSubPaths(field: string, at: string, { subPath, subPathExpr }: VolumeMount): Cause[] {
  const causes = subPath ? descendingPath(`${field}.subPath`, subPath) : [];
  if (!subPathExpr) return causes;
  if (subPath) {
    const why = 'subPathExpr and subPath are mutually exclusive';
    causes.push(invalidValue(`${at}.subPathExpr`, subPathExpr, why));
  }
  return [...causes, ...descendingPath(`${field}.subPathExpr`, subPathExpr)];
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];
const recursions = ['Disabled', 'Enabled', 'IfPossible'];

function validModes(field: string, mount: VolumeMount, { securityContext }: Container): Cause[] {
  const { mountPropagation: propagation, recursiveReadOnly: recursion, readOnly } = mount;
  const causes: Cause[] = [];
  if (propagation !== undefined && !propagations.includes(propagation)) {
    causes.push(notSupported(`${field}.mountPropagation`, propagation, propagations));
  }
  if (propagation === 'Bidirectional' && !securityContext?.privileged) {
    const why = 'Bidirectional mount propagation is available only to privileged containers';
    causes.push(forbidden(`${field}.mountPropagation`, why));
  }
  const at = `${field}.recursiveReadOnly`;
  if (recursion === undefined || recursion === 'Disabled') return causes;
  if (!recursions.includes(recursion)) return [...causes, notSupported(at, recursion, recursions)];
  if (!readOnly) causes.push(forbidden(at, 'may only be specified when readOnly is true'));
  if (propagation !== undefined && propagation !== 'None') {
    causes.push(forbidden(at, 'may only be specified when mountPropagation is None or not specified'));
  }
  return causes;
}

/** Returns what is wrong with the block devices of a container; a volume is either mounted or a device. */
export function validDevices(field: string, container: Container, { spec, volumes }: Scope): Cause[] {
  const mounts = container.volumeMounts ?? [];
  const names = new Set<string>();
  const paths = new Set<string>();
  return (container.volumeDevices ?? []).flatMap(({ name, devicePath }, i) => {
    const at = `${field}[${i}]`;
    const causes = name ? [] : [required(`${at}.name`)];
    if (names.has(name)) causes.push(invalidValue(`${at}.name`, name, 'must be unique'));
    const volume = spec.volumes?.find((v) => v.name === name);
    if (!volumes.has(name)) causes.push(missing(`${at}.name`, name));
    else if (!volume?.persistentVolumeClaim && !volume?.ephemeral) {
      const why = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';
      causes.push(invalidValue(`${at}.name`, name, why));
    }
    if (!devicePath) causes.push(required(`${at}.devicePath`));
    if (paths.has(devicePath)) causes.push(invalidValue(`${at}.devicePath`, devicePath, 'must be unique'));
    const goesUp = devicePath?.split('/').includes('..');
    if (goesUp) causes.push(invalidValue(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"));
    else paths.add(devicePath);
    if (mounts.some((m) => m.name === name)) {
      causes.push(invalidValue(`${at}.name`, name, 'must not already exist in volumeMounts'));
    }
    if (mounts.some((m) => m.mountPath === devicePath)) {
      const why = 'must not already exist as a path in volumeMounts';
      causes.push(invalidValue(`${at}.devicePath`, devicePath, why));
    }
    if (name) names.add(name);
    return causes;
  });
}
