/** One line of a Role. `*` stands for everything, and in a subresource's place `*` with it for that of every resource. */
export interface ResourceRule {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
}

export interface PathRule {
  verbs: string[];
  /** A `*` at the end stands for whatever follows. */
  nonResourceURLs: string[];
}

/** `resource` with its subresource: `pods/log`. */
export const allowsResource = (
  rules: readonly ResourceRule[],
  verb: string,
  group: string,
  resource: string,
): boolean =>
  rules.some(
    ({ verbs, apiGroups, resources }) =>
      has(verbs, verb) &&
      has(apiGroups, group) &&
      (has(resources, resource) || resources.includes(everyOf(resource))),
  );

export const allowsPath = (rules: readonly PathRule[], verb: string, path: string): boolean =>
  rules.some(
    ({ verbs, nonResourceURLs }) => has(verbs, verb) && nonResourceURLs.some((url) => covers(url, path)),
  );

const has = (list: string[], value: string) => list.includes('*') || list.includes(value);

/** Never the same as a resource without one. */
const everyOf = (resource: string) => `*/${resource.split('/')[1] ?? ''}`;

const covers = (url: string, path: string) =>
  url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path;
