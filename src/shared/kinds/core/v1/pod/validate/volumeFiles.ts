import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import type { DownwardAPIVolumeFile } from '../../../../schema/types.ts';
import { invalidValue, required } from '../../../../validation/causes.ts';
import { fileMode, unreservedPath } from '../../../../validation/paths.ts';
import { filePaths, validFieldRef, validResourceRef } from './downward.ts';

/** Findings do not say which file they are about, as Kubernetes has it. */
export const validDownwardFiles = (at: string, files: DownwardAPIVolumeFile[]): Cause[] =>
  files.flatMap((file) => validDownwardFile(at, file));

function validDownwardFile(at: string, file: DownwardAPIVolumeFile): Cause[] {
  const { path, fieldRef, resourceFieldRef, mode } = file;
  const causes = path ? [] : [required(`${at}.path`)];
  addAll(causes, unreservedPath(`${at}.path`, path));
  if (fieldRef) {
    addAll(causes, validFieldRef(`${at}.fieldRef`, fieldRef, filePaths));
    if (resourceFieldRef) {
      const why = 'fieldRef and resourceFieldRef can not be specified simultaneously';
      causes.push(invalidValue(at, 'resource', why));
    }
  } else if (resourceFieldRef) {
    addAll(causes, validResourceRef(`${at}.resourceFieldRef`, resourceFieldRef, true));
  } else {
    causes.push(required(at, 'one of fieldRef and resourceFieldRef is required'));
  }
  return [...causes, ...fileMode(`${at}.mode`, mode)];
}
