/** Tags on everything made at run time; the sweeper and the drain find it by them. */
export const tags = {
  deployment: 'shallop.dev/deployment',
  cluster: 'shallop.dev/cluster',
  namespace: 'shallop.dev/namespace',
  name: 'shallop.dev/name',
  uid: 'shallop.dev/uid',
  /** On an access point for a folder of a volume: that of the volume. */
  partOf: 'shallop.dev/part-of',
} as const;

/** As every service but Secrets Manager and ECS spells it. */
export interface AwsTag {
  Key: string;
  Value: string;
}

interface Ref {
  cluster: string;
  namespace: string;
  name: string;
  uid: string;
}

/** The tags of an object's own cloud resources. */
export const tagsOf = (deployment: string, ref: Ref): AwsTag[] =>
  tagList({
    [tags.deployment]: deployment,
    [tags.cluster]: ref.cluster,
    [tags.namespace]: ref.namespace,
    [tags.name]: ref.name,
    [tags.uid]: ref.uid,
  });

export const tagList = (values: Record<string, string>): AwsTag[] =>
  Object.entries(values).map(([Key, Value]) => ({ Key, Value }));

export const tagMap = (list: { Key?: string; Value?: string }[] | undefined): Record<string, string> =>
  Object.fromEntries((list ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));

/** Returns the object that these tags name as the owner; undefined for resources of other deployments and strangers. */
export function refOf(deployment: string, values: Record<string, string>): Ref | undefined {
  const [cluster, namespace = '', name, uid] = [tags.cluster, tags.namespace, tags.name, tags.uid].map(
    (key) => values[key],
  );
  return values[tags.deployment] === deployment && cluster && name && uid
    ? { cluster, namespace, name, uid }
    : undefined;
}
