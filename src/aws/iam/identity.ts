/** Describes who signed a token, as STS says. */
export interface Identity {
  /** `arn:aws:sts::111122223333:assumed-role/dev/alice` */
  arn: string;
  /** ARN of the role itself, without its path: `arn:aws:iam::111122223333:role/dev`. */
  canonicalArn: string;
  account: string;
  /** Unique id of the user or role. */
  userId: string;
  /** Empty for users. Who assumes a role chooses it. */
  sessionName: string;
}

/** From the answer of GetCallerIdentity, JSON or XML; undefined when it is none. */
export function identityFrom(body: string): Identity | undefined {
  const result = fromJson(body) ?? fromXml(body);
  if (!result) return undefined;
  const { arn, account } = result;
  const canonicalArn = canonical(arn);
  const [userId = '', sessionName = '', ...more] = result.userId.split(':');
  if (!canonicalArn || !account || !userId || more.length) return undefined;
  return { arn, canonicalArn, account, userId, sessionName };
}

interface Result {
  arn: string;
  account: string;
  userId: string;
}

function fromJson(body: string): Result | undefined {
  try {
    const { Arn, Account, UserId } = JSON.parse(body).GetCallerIdentityResponse.GetCallerIdentityResult;
    const all = [Arn, Account, UserId].every((each) => typeof each === 'string');
    return all ? { arn: Arn, account: Account, userId: UserId } : undefined;
  } catch {
    return undefined;
  }
}

/** The three are short plain text: ARNs and ids need no entities, and what has any is refused. */
function fromXml(body: string): Result | undefined {
  const inner = /<GetCallerIdentityResult>([\s\S]*?)<\/GetCallerIdentityResult>/.exec(body)?.[1];
  const text = (name: string) => inner && new RegExp(`<${name}>([^<>&]*)</${name}>`).exec(inner)?.[1];
  const [arn, account, userId] = [text('Arn'), text('Account'), text('UserId')];
  return arn && account && userId ? { arn, account, userId } : undefined;
}

/**
 * One ARN for each principal: sessions of a role become the role, and a role loses its path, which sessions do not have
 * and which does not make it another one. Undefined for what is no principal.
 */
export function canonical(arn: string): string | undefined {
  const [, partition, service, account, resource = ''] =
    /^arn:([\w-]+):(iam|sts)::(\d{12}):(.+)$/.exec(arn) ?? [];
  if (!partition) return undefined;
  const [kind = '', ...rest] = resource.split('/');
  const iam = `arn:${partition}:iam::${account}:`;
  if (service === 'sts') {
    if (kind === 'assumed-role' && rest.length >= 2) return `${iam}role/${rest.slice(0, -1).at(-1)}`;
    return kind === 'federated-user' && rest.length === 1 ? arn : undefined;
  }
  if (resource === 'root') return arn;
  if (kind === 'role' && rest.at(-1)) return `${iam}role/${rest.at(-1)}`;
  return kind === 'user' && rest.at(-1) ? arn : undefined;
}
