import type { User } from '../../shared/auth/user.ts';
import { masters } from '../../shared/auth/user.ts';
import { table } from '../../shared/meta/table.ts';
import type { AccessEntry } from './accessEntries.ts';
import type { Mapping, Mappings } from './awsAuth.ts';
import { canonical, type Identity } from './identity.ts';

export interface MapperOptions {
  /** Cluster admin, whatever else is configured. */
  creatorArn?: string;
  entries: readonly AccessEntry[];
  /** The `aws-auth` ConfigMap of a logical cluster. Asked only for those whom nothing else maps. */
  awsAuth(cluster: string): Promise<Mappings>;
}

/** The user that an IAM principal is in a logical cluster; undefined for those nobody let in. */
export const userMapper =
  ({ creatorArn, entries, awsAuth }: MapperOptions) =>
  async (identity: Identity, accessKeyId: string, cluster: string): Promise<User | undefined> => {
    const is = (arn: string) => same(canonical(arn), identity.canonicalArn);
    const as = (name: string, groups: string[]) => userOf(identity, accessKeyId, name, groups);
    if (creatorArn && is(creatorArn)) return as('kubernetes-admin', [masters]);
    const fill = (template: string) => filled(template, identity, accessKeyId);
    const entry = entries.find(({ principalArn }) => is(principalArn));
    if (entry) {
      const name = fill(entry.username ?? usualName(identity));
      return name === undefined ? undefined : as(name, entry.kubernetesGroups ?? []);
    }
    const { principals, accounts } = await awsAuth(cluster);
    const found = principals.find(({ arn }) => same(arn, identity.canonicalArn));
    if (found) return mapped(found, fill, as);
    return accounts.includes(identity.account) ? as(identity.canonicalArn, []) : undefined;
  };

/** IAM keeps the case of a name and ignores it. */
const same = (one: string | undefined, other: string) => one?.toLowerCase() === other.toLowerCase();

/** As EKS names those whose entry does not. */
const usualName = ({ arn, sessionName }: Identity) =>
  sessionName ? arn.replace(/\/[^/]*$/, '/{{SessionName}}') : arn;

function mapped(
  { username, groups }: Mapping,
  fill: (template: string) => string | undefined,
  as: (name: string, groups: string[]) => User,
): User | undefined {
  const [name, ...filledGroups] = [username, ...groups].map(fill);
  return name && filledGroups.every((group) => group !== undefined) ? as(name, filledGroups) : undefined;
}

/** Undefined when a part is not known here (EC2 names): better nobody than somebody else. */
function filled(
  template: string,
  { account, sessionName }: Identity,
  accessKeyId: string,
): string | undefined {
  const parts: Record<string, string> = table({
    AccountID: account,
    SessionName: sessionName.replaceAll('@', '-'),
    SessionNameRaw: sessionName,
    AccessKeyID: accessKeyId,
  });
  const text = template.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => parts[name] ?? whole);
  return text.includes('{{') ? undefined : text;
}

const userOf = (identity: Identity, accessKeyId: string, name: string, groups: string[]): User => ({
  name,
  uid: `aws-iam-authenticator:${identity.account}:${identity.userId}`,
  groups,
  extra: {
    accessKeyId: [accessKeyId],
    arn: [identity.arn],
    canonicalArn: [identity.canonicalArn],
    principalId: [identity.userId],
    sessionName: [identity.sessionName],
  },
});
