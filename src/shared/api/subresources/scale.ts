import { badRequest, conflict, internalError, invalid } from '../../errors/common.ts';
import type { Column, Kind } from '../../kinds/kind.ts';
import { ageColumn, integerColumn, nameColumn } from '../../kinds/printing/columns.ts';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import type { LabelSelector, Scale } from '../../kinds/schema/types.ts';
import { copyOf } from '../../meta/copy.ts';
import { formatSelector, labelSelectorFrom } from '../../meta/labels.ts';
import type { AnyObject } from '../../meta/object.ts';
import { applyPatch } from '../../patch/index.ts';
import type { ApiResponse } from '../http/message.ts';
import { isStored, respondObject } from '../http/object.ts';
import type { Call } from '../request.ts';
import { missing, parseJson } from '../served.ts';
import { applyConfig, applyOptions } from '../verbs/apply.ts';
import { readConfig } from '../verbs/applyConfig.ts';
import { decodePatched, isApply, readPatch, retried } from '../verbs/patch.ts';
import { checkName } from '../verbs/update.ts';
import { admittedAlone } from '../write/admit.ts';
import { readBody } from '../write/body.ts';
import { decodeBody, settleProblems } from '../write/decode.ts';
import { writeOptions } from '../write/options.ts';

const expected = {
  group: 'autoscaling',
  version: 'v1',
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  schema: goSchema('Scale'),
};

/** Answers with the Scale of an object. Throws InternalError when its kind may lack replicas and this object does. */
export async function getScale(call: Call): Promise<ApiResponse> {
  const { deps, served, cluster, namespace, name } = call;
  const stored = await deps.storage.get(served.key(cluster, namespace, name));
  if (!stored) throw missing(served, name);
  const object = served.parse(stored);
  const { isSparse, specReplicas } = served.kind.subresources!.scale!;
  if (isSparse && at(object, specReplicas) === undefined)
    throw internalError(`the spec replicas field ".${specReplicas}" does not exist`);
  return respond(call, scaleOf(call, object));
}

/** Writes the replicas of a PUT of a Scale to the object, and answers with the new Scale. */
export async function updateScale(call: Call): Promise<ApiResponse> {
  const { deps, request, name } = call;
  const { object } = await decodeBody(
    await readBody(request),
    request.header('content-type'),
    expected,
    deps,
  );
  checkName(name, object.metadata?.name);
  return write(call, 'UpdateOptions', () => object as unknown as Scale);
}

/** Patches the Scale, and so the replicas of the object; an apply patch also records the owner of the field. */
export async function patchScale(call: Call): Promise<ApiResponse> {
  if (isApply(call)) return applyScale(call);
  const { type, body } = await readPatch(call);
  const { fieldValidation } = writeOptions(call.query, 'PatchOptions');
  const warnings: string[] = [];
  const patchedScale = (scale: Scale) => {
    const result = applyPatch(type, scale as unknown as AnyObject, body, 'Scale');
    const problems: string[] = [];
    const decoded = decodePatched({ type, body, result }, expected.schema, problems);
    warnings.splice(0, warnings.length, ...settleProblems(problems, fieldValidation, expected));
    checkName(call.name, decoded.metadata?.name);
    return decoded as unknown as Scale;
  };
  return write(call, 'PatchOptions', patchedScale, warnings);
}

/** Server-side apply: who says how many there are owns that number of what is scaled, through this door. */
async function applyScale(call: Call): Promise<ApiResponse> {
  const { dryRun, fieldValidation } = applyOptions(call);
  const { kind, apiVersion } = call.served;
  const asScale = { ...kind, kind: 'Scale', schema: expected.schema } as Kind;
  const speaking = { ...call, served: { ...call.served, kind: asScale, apiVersion: expected.apiVersion } };
  const { config, warnings } = await readConfig(speaking, fieldValidation);
  const { name, uid, resourceVersion } = config.metadata;
  const { replicas } = (config as unknown as Scale).spec ?? {};
  const parent = {
    kind: kind.kind,
    apiVersion,
    metadata: { name, ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) },
  } as AnyObject;
  const { specReplicas } = kind.subresources!.scale!;
  if (replicas !== undefined) setAt(parent, specReplicas.split('.'), replicas);
  const { outcome } = await applyConfig(
    call,
    parent,
    {
      door: 'scale',
      part: 'main',
      versionShown: expected.apiVersion,
      isAdmitted: true,
      narrow: (merged, live) => {
        const wanted = scaleOf(call, merged);
        wanted.spec = { replicas: Number(at(merged, specReplicas) ?? 0) };
        return scaled(call, wanted, live, dryRun, warnings);
      },
    },
    dryRun,
    warnings,
  );
  const scale = scaleOf(call, isStored(outcome) ? parseJson(outcome.value) : outcome);
  return respond(call, scale, warnings);
}

async function write(
  call: Call,
  options: string,
  change: (scale: Scale) => Scale,
  warnings: string[] = [],
): Promise<ApiResponse> {
  const { dryRun } = writeOptions(call.query, options);
  const apply = (old: AnyObject) => scaled(call, change(scaleOf(call, old)), old, dryRun, warnings);
  const outcome = await retried(call, apply, 'main', dryRun, [], { door: 'scale', isAdmitted: true });
  const scale = scaleOf(call, isStored(outcome) ? parseJson(outcome.value) : outcome);
  return respond(call, scale, warnings);
}

/** `old` with as many as the Scale says, once admission and validation have let it pass. */
async function scaled(
  call: Call,
  wanted: Scale,
  old: AnyObject,
  dryRun: boolean,
  warnings: string[],
): Promise<AnyObject> {
  const { specReplicas, isSparse } = call.served.kind.subresources!.scale!;
  const scale = await admittedScale(call, wanted, scaleOf(call, old), dryRun, warnings);
  const replicas = scale.spec?.replicas ?? 0;
  // Those of definitions are judged by their schema.
  if (replicas < 0 && !isSparse)
    throw invalid('Scale', 'autoscaling', call.name, [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
        field: 'spec.replicas',
      },
    ]);
  const { uid } = scale.metadata ?? {};
  if (uid && uid !== old.metadata.uid) throw otherObject(call, uid, old);
  const object = copyOf(old);
  setAt(object, specReplicas.split('.'), replicas);
  // The Scale's revision is that of what it scales.
  object.metadata.resourceVersion = scale.metadata?.resourceVersion ?? old.metadata.resourceVersion;
  return object;
}

/** Admission is asked about the Scale, not about what it scales. */
async function admittedScale(call: Call, scale: Scale, before: Scale, dryRun: boolean, warnings: string[]) {
  const admitted = await admittedAlone(call, {
    operation: 'UPDATE',
    subresource: 'scale',
    objectKind: expected,
    schema: expected.schema,
    object: scale as unknown as AnyObject,
    old: before as unknown as AnyObject,
    dryRun,
    warnings,
  });
  return admitted as unknown as Scale;
}

/** A Scale is printed by its own columns, whatever it scales. */
function respond(call: Call, scale: Scale, warnings: string[] = []): ApiResponse {
  const kind = { ...call.served.kind, schema: goSchema('Scale'), columns } as Kind;
  return respondObject(
    { ...call, served: { ...call.served, kind } },
    scale as unknown as AnyObject,
    200,
    warnings,
  );
}

/** The Scale was that of an object of the same name. */
function otherObject({ served: { kind }, name }: Call, uid: string, old: AnyObject) {
  const plural = `${kind.plural}/scale`;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
  return conflict({ group: kind.group, plural, name }, why);
}

const columns: Column<Scale>[] = [
  nameColumn,
  integerColumn('Desired', 'How many are wanted.', ({ spec }) => spec?.replicas ?? 0),
  integerColumn('Available', 'How many there are.', ({ status }) => status?.replicas ?? 0),
  ageColumn,
];

/** Returns what `object` looks like through its paths. */
function scaleOf({ served: { kind } }: Call, object: AnyObject): Scale {
  const {
    specReplicas,
    statusReplicas,
    selector,
    plainLabels,
    selectorText: textAt,
  } = kind.subresources!.scale!;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = at(object, specReplicas) as number | undefined;
  const found = selector && at(object, selector);
  const text = textAt
    ? (at(object, textAt) as string | undefined)
    : selectorText(plainLabels && found ? { matchLabels: found } : found);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: (at(object, statusReplicas) as number) ?? 0, ...(text && { selector: text }) },
  };
}

const at = (object: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);

function setAt(object: AnyObject, path: string[], value: number): void {
  let parent: Record<string, unknown> = object;
  for (const key of path.slice(0, -1)) {
    parent[key] ??= {};
    const next = parent[key];
    if (typeof next !== 'object') throw badRequest(`${path.join('.')} cannot be set`);
    parent = next as Record<string, unknown>;
  }
  parent[path.at(-1)!] = value;
}

const selectorText = (selector: unknown) =>
  selector ? formatSelector(labelSelectorFrom(selector as LabelSelector)) : '';
