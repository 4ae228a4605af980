import { badRequest, conflict, invalid } from '../../errors/common.ts';
import type { Column, Kind } from '../../kinds/kind.ts';
import { ageColumn, integerColumn, nameColumn } from '../../kinds/printing/columns.ts';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import type { LabelSelector, Scale } from '../../kinds/schema/types.ts';
import { formatSelector, labelSelectorFrom } from '../../meta/labels.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { ApiResponse } from '../http/message.ts';
import { isStored, respondObject } from '../http/object.ts';
import type { Call } from '../request.ts';
import { parseJson } from '../served.ts';
import { admittedAlone } from '../write/admit.ts';
import type { Outcome } from '../write/sequence.ts';

/** The kind that every scale subresource speaks. */
export const expected = {
  group: 'autoscaling',
  version: 'v1',
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  schema: goSchema('Scale'),
};

interface Scaling {
  /** The stored object. */
  old: AnyObject;
  /** What is wanted of it. */
  scale: Scale;
  dryRun: boolean;
  warnings: string[];
}

/** `object` with as many replicas as a Scale wants and admission allows. @throws Invalid, Conflict */
export async function scaled(call: Call, object: AnyObject, scaling: Scaling): Promise<AnyObject> {
  const { old, dryRun, warnings } = scaling;
  const { specReplicas, isSparse } = call.served.kind.subresources!.scale!;
  const scale = await admittedScale(call, scaling.scale, scaleOf(call, old), dryRun, warnings);
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
  const changed = structuredClone(object);
  setAt(changed, specReplicas.split('.'), replicas);
  // The Scale's revision is that of what it scales.
  changed.metadata.resourceVersion = scale.metadata?.resourceVersion ?? old.metadata.resourceVersion;
  return changed;
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

/** Answers what an object looks like as a Scale, which is printed by its own columns, whatever it scales. */
export function respondScale(call: Call, outcome: Outcome, warnings: string[] = []): ApiResponse {
  const scale = scaleOf(call, isStored(outcome) ? parseJson(outcome.value) : outcome);
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

/** What `object` looks like through its paths. */
export function scaleOf({ served: { kind } }: Call, object: AnyObject): Scale {
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

/** What stands at a path of an object. */
export const at = (object: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);

/** Puts a number at a path of an object. @throws BadRequest where something else is in the way */
export function setAt(object: AnyObject, path: string[], value: number): void {
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
