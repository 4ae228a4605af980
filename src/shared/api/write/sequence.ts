import type { Cause } from '../../errors/apiError.ts';
import { invalid } from '../../errors/common.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import type { ManagedFieldsEntry } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { isComing, type Soon } from '../../meta/soon.ts';
import { inTurns, type Later, rest } from '../../meta/steps.ts';
import type { Stored } from '../../ports/storage.ts';
import type { Call } from '../request.ts';
import type { AdmissionRequest } from './admission.ts';
import { admit, allocated, type Change, normalised } from './admit.ts';
import { carrying, warn } from './warn.ts';

/** Describes what is stored afterwards, or, for a dry run, what would be. */
export type Outcome = Stored | AnyObject;

/**
 * One write. Creations (create.ts) and changes (change.ts) take the same steps in the same order; this is what they do
 * differently at each.
 */
export interface Write {
  call: Call;
  admission: AdmissionRequest;
  /** Admission has been asked already, about what the client sent: a Binding, a Scale. */
  isAdmitted?: boolean;
  /** Is what the client is told, and what it has been told so far when the write is refused. */
  warnings: string[];
  /** Puts back what is not for this client to say: status or spec, and the server's part of the metadata. */
  protect(object: AnyObject, isAfterAdmission: boolean): AnyObject;
  /** Returns who owns which fields then. `later` receives what fills them in where they are many. */
  managedFields(object: AnyObject, later: Later): ManagedFieldsEntry[] | undefined;
  /** The server's word and the kind's strategy; may change the object. */
  prepare(object: AnyObject): void;
  /** Fills in what depends on the object as it will be stored: its generation. */
  complete?(object: AnyObject): void;
  /** Throws what comes after the findings of validation. */
  findings(object: AnyObject): Soon<Cause[]>;
  /** Returns what is worth a word about a valid object. */
  remarks(object: AnyObject): string[] | undefined;
  store(object: AnyObject): Promise<Outcome>;
}

/** The first steps: defaults, owners of the fields, admission. */
export async function admitted(write: Write, input: AnyObject): Promise<Prepared> {
  const { call, admission, warnings } = write;
  const { schema } = call.served.kind;
  const { turn } = call.deps;
  try {
    let pause = turn?.();
    if (pause) await pause;
    const object = schema.withDefaults(write.protect(input, false));
    pause = turn?.();
    if (pause) await pause;
    const later: Later = [];
    const owners = write.managedFields(object, later);
    if (later.length) await inTurns(rest(later), turn);
    if (owners?.length) object.metadata.managedFields = owners;
    admission.object = object;
    pause = turn?.();
    if (pause) await pause;
    const admitting = write.isAdmitted ? 'none' : admit(admission);
    const change = isComing(admitting) ? await admitting : admitting;
    if (change === 'none') return { object, change };
    const changed = write.protect(admission.object, true);
    if (owners?.length) changed.metadata.managedFields = owners;
    return { object: changed, change };
  } catch (error) {
    throw carrying(error, warnings);
  }
}

/** An object that has passed admission. */
export interface Prepared {
  object: AnyObject;
  /** Is what plugins did to it. */
  change: Change;
}

/** The other steps: strategy, validation, allocation, the plugins that only look, storage. Changes the object. */
export async function written(write: Write, { object: admittedObject, change }: Prepared): Promise<Outcome> {
  const { call, admission, warnings } = write;
  const { kind } = call.served;
  const { turn } = call.deps;
  let object = admittedObject;
  try {
    let pause = turn?.();
    if (pause) await pause;
    write.prepare(object);
    pause = turn?.();
    if (pause) await pause;
    object = normalisedWrite(kind.schema, object, change === 'none' && hasStrategy(kind) ? 'order' : change);
    pause = turn?.();
    if (pause) await pause;
    write.complete?.(object);
    const found = write.findings(object);
    const causes = isComing(found) ? await found : found;
    pause = turn?.();
    if (pause) await pause;
    if (causes.length) throw invalid(kind.kind, groupOfCauses(kind), object.metadata.name ?? '', causes);
    warn(warnings, write.remarks(object));
    if (write.isAdmitted) return await write.store(object);
    return await allocated(call, admission, object, (whole) => write.store(whole));
  } catch (error) {
    throw carrying(error, warnings);
  }
}

/**
 * The object in its one form. Which fields have owners this server has written itself, in that form: it is not decoded
 * again, since of an object of many small parts it is the larger half.
 */
function normalisedWrite(schema: ObjectSchema, object: AnyObject, change: Change): AnyObject {
  const { managedFields } = object.metadata;
  if (change !== 'defaults' || !managedFields) return normalised(schema, object, change);
  const placeholders = managedFields.map((entry) => ({ ...entry, ...(entry.fieldsV1 && { fieldsV1: {} }) }));
  const metadata = { ...object.metadata, managedFields: placeholders };
  const decoded = normalised(schema, { ...object, metadata }, change);
  decoded.metadata.managedFields?.forEach((entry, i) => {
    const { fieldsV1 } = managedFields[i]!;
    if (fieldsV1) entry.fieldsV1 = fieldsV1;
  });
  return decoded;
}

/** Strategies write fields where they like. */
const hasStrategy = (kind: Kind) => !!(kind.prepareForCreate || kind.prepareForUpdate);

/** Returns the group that messages name: for objects served in several groups, the one they are stored in. */
const groupOfCauses = ({ storedAs, group }: Kind): string =>
  storedAs ? storedAs.resource.split('.').slice(1).join('.') : group;
