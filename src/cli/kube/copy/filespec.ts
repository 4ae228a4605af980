import { posix } from 'node:path';

/** One end of a copy: a path here, or in a container. */
export interface FileSpec {
  /** Absent: it is a path of this machine. */
  pod?: string;
  /** Absent: that of the call. */
  namespace?: string;
  path: string;
}

/** Reads `[[namespace/]pod:]file/path`. Throws in kubectl's words. */
export function fileSpec(word: string): FileSpec {
  const at = word.indexOf(':');
  if (at < 0) return { path: withoutSlash(word) };
  const parts = word.slice(0, at).split('/');
  if (at === 0 || parts.length > 2)
    throw new Error('filespec must match the canonical format: [[namespace/]pod:]file/path');
  const [namespace, pod] = parts.length === 2 ? parts : [undefined, parts[0]];
  return { pod, ...(namespace && { namespace }), path: remotePath(word.slice(at + 1)) };
}

/** A path in a container, whose separators are those of Unix. */
export const remotePath = (path: string): string => withoutSlash(path).replaceAll('\\', '/');

const withoutSlash = (path: string): string => (path === '/' ? path : path.replace(/\/$/, ''));

/** The beginning that tar gives names of what it finds at a path: without a slash, and without ways out upwards. */
export const prefixOf = (path: string): string =>
  withoutShortcuts(posix.normalize(path.replace(/^[/\\]+/, '')).replace(/(?<=.)\/$/, ''));

/** Takes `../` off the beginning of a path; a lone `.` or `..` is nothing. */
export function withoutShortcuts(path: string): string {
  const rest = path.replace(/^(\.\.\/)+/, '');
  return rest === '.' || rest === '..' ? '' : rest.replace(/^\//, '');
}
