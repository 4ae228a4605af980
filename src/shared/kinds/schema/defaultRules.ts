/** Defaults by unique type name. */
export type Rules = Record<string, TypeRules>;

/** Says what is filled into a struct of one type before it is validated. */
export interface TypeRules {
  /** For a field that is absent: its value, or a function of the object that holds it (undefined: none). */
  // biome-ignore lint/suspicious/noExplicitAny: each rule knows the type under whose name it stands.
  fields?: Record<string, any>;
  /** Runs first and may change the object, for what is more than an absent field. */
  // biome-ignore lint/suspicious/noExplicitAny: each rule knows the type under whose name it stands.
  adjust?(object: any): void;
}
