import type { Cause } from '../../errors/apiError.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Soon } from '../../meta/soon.ts';
import type { Shape } from './shape.ts';
import type { JSONSchemaProps } from './types.ts';

/** Describes an object that takes longer than a moment to judge, by its patterns and rules. */
export interface JudgeTask {
  schema: JSONSchemaProps;
  object: AnyObject;
  old?: AnyObject | undefined;
  part: 'main' | 'status';
}

/** Finds what a schema says against an object where nobody waits for it. */
export type Judge = (task: JudgeTask) => Promise<Cause[]>;

/** Describes an object of a kind that takes longer than a moment to validate, by the patterns and expressions in it. */
export interface ValidateTask {
  group: string;
  version: string;
  kind: string;
  object: AnyObject;
  old?: AnyObject | undefined;
}

/** Does a kind's own `validate` where nobody waits for it. */
export type Validate = (task: ValidateTask) => Promise<Cause[]>;

/**
 * Describes what objects of a kind look like. There are two makers: `goSchema('Pod')` over the facts about the types of
 * Kubernetes, and `structuralSchema` over a version of a CustomResourceDefinition.
 */
export interface ObjectSchema {
  /**
   * Makes the object of a plain value: unknown fields are dropped, equal objects get equal JSON.
   * `problems` receives `unknown field "spec.x"` for each field that was dropped.
   * @throws DecodeError when the value does not fit.
   */
  decode(value: unknown, problems?: string[]): AnyObject;
  /**
   * Does the same with what an apply has made, whose nulls a real server leaves to validation. Absent: they mean the same as
   * nothing.
   */
  decodeApplied?(value: unknown): AnyObject;
  /**
   * Makes of a decoded object, to which trusted code has added fields where it liked, what decoding it again would give:
   * values that have their types and their one form are not looked at. May share with `object`.
   */
  rearranged(object: AnyObject): AnyObject;
  /**
   * Fills in defaults; may change and return `object`. Doing it twice changes nothing. Throws Unknown for more than
   * `most` characters of defaults, which is several times what storage takes where it is left out.
   */
  withDefaults(object: AnyObject, most?: number): AnyObject;
  /** The same fields in the order in which they are written. */
  ordered(object: AnyObject): AnyObject;
  /**
   * Findings that the schema itself gives, before those of the kind's own `validate`. A write to /status is about the
   * status alone.
   */
  causes(object: AnyObject, old?: AnyObject, part?: 'main' | 'status'): Cause[];
  /** The same findings, with `judge` asked where they take long. Absent: nothing in `causes` does. */
  causesSoon?(
    object: AnyObject,
    old: AnyObject | undefined,
    part: 'main' | 'status',
    judge: Judge,
  ): Soon<Cause[]>;
  /** An object that nobody has said anything about yet: what is always written. */
  empty(): AnyObject;
  /** The status of a new object; undefined when it has none. */
  emptyStatus(): object | undefined;
  /** Says how ownership goes through the object. */
  readonly shape: Shape;
  /**
   * Returns where a configuration for server-side apply is of other types than the schema, or names what it does not know.
   * Absent where decoding finds that.
   */
  typeProblems?(config: AnyObject): string[];
  /**
   * The type in the schema facts: strategic merge patches and protobuf go by it. Absent for kinds that came with a
   * definition, which know neither: those answer 415 and 406.
   */
  readonly goType?: string;
  /** Names of the kind and its list in OpenAPI documents. Reviews have no list. */
  readonly model: string;
  readonly listModel?: string;
  /**
   * Returns what OpenAPI documents show beyond the types of the facts, by model; `refer` gives the model of such a
   * type.
   */
  models(refer: (goType: string) => string): Record<string, Record<string, unknown>>;
  /** Names the content where the models change while the server runs. Absent: never. */
  readonly fingerprint?: string;
}
