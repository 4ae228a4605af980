import type { Type } from '../../kinds/schema/facts.ts';

/** Describes what a type and its fields are for, in words for people. */
export interface Described {
  text?: string;
  /** By JSON name. */
  fields: Record<string, string>;
}

/** Describes where a composition root has such words; the project itself carries none. */
export type Descriptions = (type: Pick<Type, 'group' | 'version' | 'goName'>) => Described | undefined;
