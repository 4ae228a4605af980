import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import {
  configMapKeyProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  envVarNameProblems,
} from '../../../../../meta/names.ts';
import type { Container, EnvFromSource, EnvVar, EnvVarSource, PodSpec } from '../../../../schema/types.ts';
import { invalidValue, missing, required } from '../../../../validation/causes.ts';
import { withoutBacksteps } from '../../../../validation/paths.ts';
import { checked } from '../../../../validation/rules.ts';
import { envPaths, validFieldRef, validResourceRef } from './downward.ts';
import { containersOf, someContainer } from './os.ts';

/** Returns what is wrong with the variables of a container, and with where their values come from. */
export function validEnv(field: string, vars: EnvVar[]): Cause[] {
  const causes: Cause[] = [];
  for (const [i, { name, value, valueFrom }] of vars.entries()) {
    // There may be many, and most are like this.
    if (name && !valueFrom && envVarNameProblems(name).length === 0) continue;
    const at = `${field}[${i}]`;
    addAll(causes, name ? checked(`${at}.name`, name, envVarNameProblems) : [required(`${at}.name`)]);
    if (valueFrom) addAll(causes, validSource(`${at}.valueFrom`, valueFrom, !!value));
  }
  return causes;
}

function validSource(at: string, source: EnvVarSource, hasValue: boolean): Cause[] {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  const causes: Cause[] = [];
  if (fieldRef) addAll(causes, validFieldRef(`${at}.fieldRef`, fieldRef, envPaths));
  if (resourceFieldRef) {
    addAll(causes, validResourceRef(`${at}.resourceFieldRef`, resourceFieldRef, false));
  }
  if (configMapKeyRef) addAll(causes, validKeyRef(`${at}.configMapKeyRef`, configMapKeyRef));
  if (secretKeyRef) addAll(causes, validKeyRef(`${at}.secretKeyRef`, secretKeyRef));
  if (fileKeyRef) {
    addAll(
      causes,
      present(`${at}.fileKeyRef.key`, fileKeyRef.key, envVarNameProblems),
      present(`${at}.fileKeyRef.volumeName`, fileKeyRef.volumeName, dns1123LabelProblems),
      present(`${at}.fileKeyRef.path`, fileKeyRef.path, () => []),
      withoutBacksteps(`${at}.fileKeyRef.path`, fileKeyRef.path),
    );
  }
  const sources = Object.keys(source).length;
  if (sources === 0) {
    const known = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    causes.push(invalidValue(at, '', `must specify one of: ${known}`));
  } else if (hasValue) {
    causes.push(invalidValue(at, '', 'may not be specified when `value` is not empty'));
  } else if (sources > 1) {
    causes.push(invalidValue(at, '', 'may not have more than one field specified at a time'));
  }
  return causes;
}

const validKeyRef = (at: string, { name = '', key }: { name?: string; key: string }): Cause[] => [
  ...checked(`${at}.name`, name, dns1123SubdomainProblems),
  ...present(`${at}.key`, key, configMapKeyProblems),
];

const present = (field: string, text: string, check: (text: string) => string[]): Cause[] =>
  text ? checked(field, text, check) : [required(field)];

/** Findings about the number of sources stand at the list, as Kubernetes has it. */
export const validEnvFrom = (field: string, sources: EnvFromSource[]): Cause[] =>
  sources.flatMap(({ prefix, configMapRef, secretRef }, i) => {
    const at = `${field}[${i}]`;
    const causes = prefix ? checked(`${at}.prefix`, prefix, envVarNameProblems) : [];
    if (configMapRef) {
      addAll(causes, present(`${at}.configMapRef.name`, configMapRef.name ?? '', dns1123SubdomainProblems));
    }
    if (secretRef) {
      addAll(causes, present(`${at}.secretRef.name`, secretRef.name ?? '', dns1123SubdomainProblems));
    }
    if (!configMapRef && !secretRef) {
      causes.push(invalidValue(field, '', 'must specify one of: `configMapRef` or `secretRef`'));
    } else if (configMapRef && secretRef) {
      causes.push(invalidValue(field, '', 'may not have more than one field specified at a time'));
    }
    return causes;
  });

/** Files with variables are read from a folder of the Pod's own. */
const readsFiles = ({ env }: Container) => env?.some(({ valueFrom }) => valueFrom?.fileKeyRef) ?? false;

/** Returns a cause for each variable read from a file whose volume is missing or is no emptyDir. */
export function validFileKeyVolumes(field: string, spec: PodSpec): Cause[] {
  if (!someContainer(spec, readsFiles)) return [];
  const causes: Cause[] = [];
  for (const [at, { env }] of containersOf(field, spec)) {
    env?.forEach(({ valueFrom }, i) => {
      const name = valueFrom?.fileKeyRef?.volumeName;
      if (name === undefined) return;
      const path = `${at}.env[${i}].valueFrom.fileKeyRef.volumeName`;
      const volume = spec.volumes?.find((v) => v.name === name);
      if (!volume) causes.push(missing(path, name));
      else if (!volume.emptyDir) {
        causes.push(invalidValue(path, name, 'referenced volume must be of type emptyDir'));
      }
    });
  }
  return causes;
}
