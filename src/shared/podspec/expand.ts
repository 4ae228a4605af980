/**
 * Kubernetes's `$(NAME)` expansion: `$$` is a literal dollar, so `$$(NAME)` stays unexpanded; an unknown name stays as
 * it is written.
 */
export const expand = (text: string, lookup: (name: string) => string | undefined): string =>
  text.replace(/\$(?:\$|\(([^)]*)\))/g, (found, name: string | undefined) =>
    name === undefined ? '$' : (lookup(name) ?? found),
  );
