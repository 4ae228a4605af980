import type { Container, EnvFromSource, EnvVarSource, FileKeySelector } from '../kinds/schema/types.ts';
import { ownValue, table } from '../meta/table.ts';
import { ConfigError, type PodContext } from './context.ts';
import { fieldValue, resourceValue } from './downward.ts';
import { envFileValue } from './envFile.ts';
import { expand } from './expand.ts';
import { serviceEnv } from './serviceEnv.ts';

/**
 * A container's environment as kubelet makes it: envFrom first, env over it, in order, so that `$(NAME)` sees what
 * stands before; Services last and only where nothing else has the name. Throws ConfigError for what is not there.
 */
export async function resolveEnv(container: Container, context: PodContext): Promise<Record<string, string>> {
  const entries = Object.entries(await traceEnv(container, context));
  return Object.fromEntries(entries.map(([name, { value }]) => [name, value]));
}

/** A variable, and where it comes from if that must not be written down. */
export interface EnvEntry {
  value: string;
  /** The key of a Secret whose value it is. */
  secret?: { name: string; key: string };
  /** A variable from a Secret that was expanded into it. */
  holds?: string;
}

/** As resolveEnv(), for runtimes that hand Secrets over by reference. */
export async function traceEnv(container: Container, asked: PodContext): Promise<Record<string, EnvEntry>> {
  const context = asked.fileText ? { ...asked, fileText: readOnce(asked.fileText) } : asked;
  const env: Record<string, EnvEntry> = table({});
  for (const from of container.envFrom ?? []) Object.assign(env, await allOf(from, context));
  const isLinked = context.pod.spec?.enableServiceLinks ?? true;
  const links = serviceEnv(
    await context.sources.services({ links: isLinked }),
    context.ref.namespace,
    isLinked,
    context.serviceHost,
  );
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (value) env[name] = expanded(value, env, links);
    else if (!valueFrom) env[name] = { value: '' };
    else {
      const found = await referenced(valueFrom, context, container.name);
      if (found !== undefined) env[name] = found;
    }
  }
  return { ...entriesOf(links), ...env };
}

function expanded(text: string, env: Record<string, EnvEntry>, links: Record<string, string>): EnvEntry {
  let holds: string | undefined;
  const value = expand(text, (other) => {
    if (env[other]?.secret || env[other]?.holds) holds = other;
    return env[other]?.value ?? links[other];
  });
  return { value, ...(holds && { holds }) };
}

const entriesOf = (values: Record<string, string>): Record<string, EnvEntry> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));

/** Does resolving it read anything that may be missing? */
export const hasReferences = ({ env, envFrom }: Container): boolean =>
  Boolean(envFrom?.length || env?.some(({ valueFrom }) => valueFrom));

async function allOf({ prefix = '', configMapRef, secretRef }: EnvFromSource, { sources }: PodContext) {
  const entries: [string, EnvEntry][] = [];
  if (configMapRef?.name) {
    const found = await sources.configMap(configMapRef.name);
    if (!found && !configMapRef.optional) throw missing('configmap', configMapRef.name);
    entries.push(...Object.entries(entriesOf(found?.data ?? {})));
  } else if (secretRef?.name) {
    const found = await sources.secret(secretRef.name);
    if (!found && !secretRef.optional) throw missing('secret', secretRef.name);
    for (const [key, value] of Object.entries(found?.data ?? {}))
      entries.push([key, { value: fromBase64(value), secret: { name: secretRef.name, key } }]);
  }
  return Object.fromEntries(
    entries.map(([key, value]) => [prefix + key, value] as const).filter(([name]) => validName.test(name)),
  );
}

/** Printable ASCII without the equals sign. */
const validName = /^[ -<>-~]+$/;

async function referenced(
  source: EnvVarSource,
  context: PodContext,
  container: string,
): Promise<EnvEntry | undefined> {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  if (fieldRef) return { value: fieldValue(fieldRef, context) };
  if (resourceFieldRef) return { value: resourceValue(resourceFieldRef, context, container) };
  if (configMapKeyRef) {
    const { name = '', key, optional } = configMapKeyRef;
    const found = await context.sources.configMap(name);
    if (!found && !optional) throw missing('configmap', name);
    return oneOf(
      ownValue(found?.data, key),
      `key ${key} in ConfigMap ${context.ref.namespace}/${name}`,
      optional,
    );
  }
  if (secretKeyRef) {
    const { name = '', key, optional } = secretKeyRef;
    const found = await context.sources.secret(name);
    if (!found && !optional) throw missing('secret', name);
    const value = ownValue(found?.data, key);
    const what = `key ${key} in Secret ${context.ref.namespace}/${name}`;
    const found64 = oneOf(value, what, optional);
    return found64 && { value: fromBase64(found64.value), secret: { name, key } };
  }
  if (source.fileKeyRef) return fromFile(source.fileKeyRef, context);
  return undefined;
}

/** An init container may write it; what is empty is not there. */
async function fromFile({ volumeName, path, key, optional }: FileKeySelector, { fileText }: PodContext) {
  if (!fileText) throw new ConfigError(`cannot find the volume "${volumeName}" referenced by FileKeyRef`);
  const text = await fileText(volumeName, path);
  try {
    const value = text === undefined ? undefined : envFileValue(text, key);
    if (value !== undefined) return { value };
  } catch {
    throw new ConfigError("couldn't parse env file");
  }
  if (optional) return undefined;
  throw new ConfigError(`environment variable key "${key}" not found in file "${path}"`);
}

/** Many variables may come from one file. */
function readOnce(read: NonNullable<PodContext['fileText']>): NonNullable<PodContext['fileText']> {
  const texts = new Map<string, Promise<string | undefined>>();
  return (volume, path) => {
    const key = JSON.stringify([volume, path]);
    const text = texts.get(key) ?? read(volume, path);
    texts.set(key, text);
    return text;
  };
}

function oneOf(value: string | undefined, what: string, optional?: boolean) {
  if (value === undefined && !optional) throw new ConfigError(`couldn't find ${what}`);
  return value === undefined ? undefined : { value };
}

const missing = (kind: string, name: string) => new ConfigError(`${kind} "${name}" not found`);
const fromBase64 = (text: string) => Buffer.from(text, 'base64').toString();
