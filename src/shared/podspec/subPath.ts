import type { VolumeMount } from '../kinds/schema/types.ts';
import { ConfigError } from './context.ts';
import { expand } from './expand.ts';

/** The part of its volume that a mount names, '' for all of it. Throws ConfigError in kubelet's words. */
export function subPathOf({ subPath = '', subPathExpr }: VolumeMount, env: Record<string, string>): string {
  const path = subPathExpr ? expanded(subPathExpr, env) : subPath;
  if (path.startsWith('/')) throw new ConfigError(`error SubPath \`${path}\` must not be an absolute path`);
  if (path.split('/').includes('..'))
    throw new ConfigError(`unable to provision SubPath \`${path}\`: must not contain '..'`);
  return path;
}

function expanded(text: string, env: Record<string, string>): string {
  const missing = new Set<string>();
  const path = expand(text, (key) => {
    const value = Object.hasOwn(env, key) ? env[key] : '';
    if (!value) missing.add(key);
    return value;
  });
  if (missing.size) throw new ConfigError(`missing value for ${[...missing].sort().join(', ')}`);
  return path;
}
