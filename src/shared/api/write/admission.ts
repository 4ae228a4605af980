import type { Admission, ObjectKind, Operation, OperationOptions } from '../../admission/plugin.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { ObjectSchema } from '../../kinds/schema/objectSchema.ts';
import type { DeleteOptions } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Call } from '../request.ts';
import { type Concerned, concerned } from './concerned.ts';
import { warn } from './warn.ts';

/** Describes what admission is to know of a request beyond its call. */
export interface Asked {
  operation: Operation;
  /** Empty for the resource itself. */
  subresource?: string;
  /** Where a subresource speaks a kind of its own. */
  objectKind?: ObjectKind;
  schema?: ObjectSchema;
  object?: AnyObject;
  old?: AnyObject;
  dryRun: boolean;
  deleteOptions?: DeleteOptions;
  /** Receives the warnings of plugins. */
  warnings: string[];
}

/** A request as plugins see it. What few of them ask for is worked out when they do. */
export class AdmissionRequest implements Admission {
  readonly operation: Operation;
  readonly subresource?: string;
  readonly objectKind: ObjectKind;
  readonly old?: AnyObject;
  readonly dryRun: boolean;
  object?: AnyObject;
  isReinvocation = false;
  wantsReinvocation = false;
  readonly #call: Call;
  readonly #asked: Asked;
  #concerned: Concerned | undefined;

  constructor(call: Call, asked: Asked) {
    this.#call = call;
    this.#asked = asked;
    this.operation = asked.operation;
    this.dryRun = asked.dryRun;
    this.objectKind = asked.objectKind ?? call.served.kind;
    if (asked.subresource) this.subresource = asked.subresource;
    if (asked.object) this.object = asked.object;
    if (asked.old) this.old = asked.old;
  }

  /** The plugins that have to be passed. */
  get concerned(): Concerned {
    this.#concerned ??= concerned(this.#call.deps.admission, this);
    return this.#concerned;
  }
  get cluster() {
    return this.#call.cluster;
  }
  get kind() {
    return this.#call.served.kind;
  }
  get schema() {
    return this.#asked.schema ?? this.kind.schema;
  }
  get namespace() {
    return this.#call.namespace;
  }
  get name() {
    return this.#call.name || (this.object?.metadata.name ?? '');
  }
  get user() {
    return this.#call.user;
  }
  get equivalents() {
    return this.#call.served.equivalents;
  }
  convert(object: AnyObject, from: Kind, to: Kind): Promise<AnyObject> {
    return this.#call.served.convert(object, from, to);
  }
  get signal() {
    return this.#call.request.signal;
  }
  get options(): OperationOptions | undefined {
    return optionsOf(this.#call, this.#asked);
  }
  reinvoke(): void {
    this.wantsReinvocation = true;
  }
  warn(text: string): void {
    warn(this.#asked.warnings, [text]);
  }
  annotate(key: string, value: string): void {
    this.#call.annotate?.(key, value);
  }
}

function optionsOf({ query }: Call, asked: Asked): OperationOptions | undefined {
  const apiVersion = 'meta.k8s.io/v1';
  if (asked.operation === 'CONNECT') return undefined;
  if (asked.operation === 'DELETE') {
    const { kind: _kind, apiVersion: _version, ...options } = { ...asked.deleteOptions } as OperationOptions;
    return { kind: 'DeleteOptions', apiVersion, ...options, ...(asked.dryRun && { dryRun: ['All'] }) };
  }
  // A PATCH or PUT that creates passes admission with the options of a creation, a PATCH that changes with those of a PUT.
  const kind = asked.operation === 'UPDATE' ? 'UpdateOptions' : 'CreateOptions';
  const fieldManager = query.get('fieldManager');
  const fieldValidation = query.get('fieldValidation');
  return {
    kind,
    apiVersion,
    ...(asked.dryRun && { dryRun: ['All'] }),
    ...(fieldManager && { fieldManager }),
    ...(fieldValidation && { fieldValidation }),
  };
}
