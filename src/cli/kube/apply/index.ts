import { compactJson } from '../../../shared/kinds/printing/json.ts';
import { typeNameOf } from '../../../shared/kinds/schema/facts.ts';
import type { Connection } from '../connection.ts';
import { pathOf } from '../discovery.ts';
import type { DryRun } from '../dryRun.ts';
import { isNotFound, ServerError } from '../failure.ts';
import type { Manifest } from '../manifests.ts';
import type { KubeObject } from '../objects.ts';
import { getObject, query } from '../read.ts';
import type { Validation } from '../validation.ts';
import { lastApplied, lastAppliedOf, withLastApplied, withoutLastApplied } from './lastApplied.ts';
import { type Json, threeWayPatch } from './threeWay.ts';

export interface ApplyOptions {
  dryRun: DryRun;
  /** Absent: what the server does by itself, which is to warn. */
  validation?: Validation;
  /** Says who owns the fields; undefined: as kubectl names itself, so that what it and shallop apply has one owner. */
  fieldManager?: string;
  /** The object is not kept as what was applied last, so that only what it says differs. */
  isOnlyCompared?: boolean;
  warn(text: string): void;
}

export interface Applied {
  word: 'created' | 'configured' | 'unchanged' | 'serverside-applied';
  object: KubeObject;
}

const attempts = 5;

/** Brings one object to what its manifest says. Throws ServerError with the manifest's source in it. */
export async function applyManifest(
  connection: Connection,
  manifest: Manifest,
  options: ApplyOptions,
): Promise<Applied> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyOnce(connection, manifest, options);
    } catch (error) {
      const conflict = error instanceof ServerError && error.status.code === 409;
      if (!conflict || attempt === attempts) throw error;
    }
  }
}

async function applyOnce(
  connection: Connection,
  manifest: Manifest,
  options: ApplyOptions,
): Promise<Applied> {
  const { resource, namespace, object, source } = manifest;
  const current = await getObject(connection, resource, namespace, object.metadata.name).catch((error) => {
    if (isNotFound(error)) return undefined;
    throw error instanceof ServerError
      ? error.while(`retrieving current configuration of:\n${describe(manifest)}\nfrom server for:`, source)
      : error;
  });
  const modified = options.isOnlyCompared ? withoutLastApplied(object) : withLastApplied(object);
  if (!current) return { word: 'created', object: await create(connection, manifest, modified, options) };
  if (!options.isOnlyCompared && current.metadata.annotations?.[lastApplied] === undefined)
    options.warn(notApplied(manifest));
  const typeName = typeNameOf(resource.group, resource.version, resource.kind);
  const patch = threeWayPatch(lastAppliedOf(current) ?? {}, modified, current, typeName);
  if (Object.keys(patch).length === 0) return { word: 'unchanged', object: current };
  if (options.dryRun === 'client') return { word: 'configured', object: current };
  return { word: 'configured', object: await send(connection, manifest, patch, typeName, options) };
}

async function create(
  connection: Connection,
  { resource, namespace, source }: Manifest,
  modified: KubeObject,
  options: ApplyOptions,
): Promise<KubeObject> {
  if (options.dryRun === 'client') return modified;
  try {
    const path = `${pathOf(resource, namespace)}${query(writing(options))}`;
    return await connection.json<KubeObject>({ method: 'POST', path, body: withoutNulls(modified) });
  } catch (error) {
    throw error instanceof ServerError && !options.isOnlyCompared ? error.while('creating', source) : error;
  }
}

async function send(
  connection: Connection,
  manifest: Manifest,
  patch: Json,
  typeName: string | undefined,
  options: ApplyOptions,
): Promise<KubeObject> {
  const { resource, namespace, object, source } = manifest;
  const path = `${pathOf(resource, namespace, object.metadata.name)}${query(writing(options))}`;
  const type = typeName ? 'application/strategic-merge-patch+json' : 'application/merge-patch+json';
  try {
    return await connection.json<KubeObject>({ method: 'PATCH', path, body: patch, type });
  } catch (error) {
    const doing = `applying patch:\n${compactJson(patch)}\nto:\n${describe(manifest)}\nfor:`;
    throw error instanceof ServerError && !options.isOnlyCompared ? error.while(doing, source) : error;
  }
}

/** Server-side apply: the server merges, and says who else owns a field. */
export async function applyOnServer(
  connection: Connection,
  { resource, namespace, object }: Manifest,
  options: ApplyOptions,
  force: boolean,
): Promise<Applied> {
  const parameters = { ...writing(options, 'kubectl'), force };
  const path = `${pathOf(resource, namespace, object.metadata.name)}${query(parameters)}`;
  const type = 'application/apply-patch+yaml';
  try {
    const applied = await connection.json<KubeObject>({ method: 'PATCH', path, body: object, type });
    return { word: 'serverside-applied', object: applied };
  } catch (error) {
    if (error instanceof ServerError && error.reason === 'Conflict' && !options.isOnlyCompared)
      throw new Error(conflict(error));
    throw error;
  }
}

const conflict = ({ status }: ServerError): string => `${status.message}
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

const writing = (
  { dryRun, validation, fieldManager }: ApplyOptions,
  manager = 'kubectl-client-side-apply',
) => ({
  dryRun: dryRun === 'server' ? 'All' : undefined,
  fieldManager: fieldManager ?? manager,
  fieldValidation: validation,
});

function describe({ resource, namespace, object }: Manifest): string {
  const { group, version, plural, kind } = resource;
  const groupVersion = `${group ? `${group}/` : '/'}${version}`;
  return `Resource: "${groupVersion}, Resource=${plural}", GroupVersionKind: "${groupVersion}, Kind=${kind}"\nName: "${object.metadata.name}", Namespace: "${namespace ?? ''}"`;
}

const notApplied = ({ resource, object }: Manifest): string =>
  `resource ${resource.plural}/${object.metadata.name} is missing the ${lastApplied} annotation which is required by shallop apply. shallop apply should only be used on resources created declaratively by either kubectl create --save-config or shallop apply. The missing annotation will be patched automatically.`;

/** A null in a manifest says that the field is not there. */
function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutNulls(field)])) as T;
}
