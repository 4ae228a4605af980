import { isObject } from '../meta/isObject.ts';
import { onlyFields, type Plane, type Wrong } from './problems.ts';

/** Describes who is told. */
export interface Target {
  name: string;
  /** Is told by HTTP. */
  webhook?: Webhook;
  /** Is told by EventBridge: only on AWS. */
  aws?: AwsTarget;
}

/** Describes a receiver that speaks HTTP. A file may say how each plane proves itself; each needs its own. */
export interface Webhook {
  url: string;
  /** File with the key that a machine signs by. */
  signingKeyFile?: string;
  /** Header that EventBridge sends, and the secret of Secrets Manager that holds its value. */
  apiKey?: { header: string; secretArn: string };
}

/** Describes a target of EventBridge as it is given. */
export interface AwsTarget {
  arn: string;
  /** Role by which EventBridge reaches it, for targets that have no policy of their own. */
  roleArn?: string;
}

type Fields = Record<string, unknown>;

/** Reads who is told by a target of a rule. Tells what the plane cannot do, by its name. */
export function targetOf(target: Fields, at: string, plane: Plane, wrong: Wrong): Omit<Target, 'name'> {
  onlyFields(target, ['name', 'webhook', 'arn', 'roleArn'], `${at}.`, wrong);
  const { webhook, arn, roleArn } = target;
  if ((webhook === undefined) === (arn === undefined)) {
    wrong(`${at}: Invalid value: one of webhook and arn is wanted`);
    return {};
  }
  if (webhook !== undefined) {
    if (roleArn !== undefined) wrong(`${at}.roleArn: Forbidden: it goes with arn`);
    return { webhook: webhookOf(webhook, `${at}.webhook`, plane, wrong) };
  }
  if (plane === 'local') wrong(`${at}.arn: Forbidden: only EventBridge has targets by ARN`);
  const aws: AwsTarget = { arn: arnOf(arn, `${at}.arn`, wrong) };
  if (roleArn !== undefined) aws.roleArn = arnOf(roleArn, `${at}.roleArn`, wrong);
  return { aws };
}

function webhookOf(value: unknown, at: string, plane: Plane, wrong: Wrong): Webhook {
  const fields = isObject(value) ? value : {};
  onlyFields(fields, ['url', 'signingKeyFile', 'apiKey'], `${at}.`, wrong);
  const { signingKeyFile, apiKey } = fields;
  const webhook: Webhook = { url: urlOf(fields.url, `${at}.url`, plane, wrong) };
  if (typeof signingKeyFile === 'string' && signingKeyFile) webhook.signingKeyFile = signingKeyFile;
  else if (signingKeyFile !== undefined)
    wrong(`${at}.signingKeyFile: Invalid value: the path of a file is wanted`);
  if (apiKey !== undefined) webhook.apiKey = apiKeyOf(apiKey, `${at}.apiKey`, wrong);
  if (plane === 'local' && signingKeyFile === undefined)
    wrong(`${at}.signingKeyFile: Required value: receivers know by it who speaks`);
  if (plane === 'aws' && apiKey === undefined)
    wrong(`${at}.apiKey: Required value: EventBridge signs nothing, it shows a key`);
  return webhook;
}

function urlOf(value: unknown, at: string, plane: Plane, wrong: Wrong): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url?.username || url?.password) wrong(`${at}: Forbidden: it holds a user or a password`);
  else if (url?.hash) wrong(`${at}: Forbidden: it holds a fragment`);
  else if (plane === 'aws' && url && url.protocol !== 'https:')
    wrong(`${at}: Invalid value: ${JSON.stringify(value)}: EventBridge speaks https only`);
  else if (!url || !['http:', 'https:'].includes(url.protocol))
    wrong(`${at}: Invalid value: ${JSON.stringify(value)}: a URL of http or https is wanted`);
  return url?.href ?? '';
}

const headerName = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;

function apiKeyOf(value: unknown, at: string, wrong: Wrong): NonNullable<Webhook['apiKey']> {
  const fields = isObject(value) ? value : {};
  onlyFields(fields, ['header', 'secretArn'], `${at}.`, wrong);
  const { header } = fields;
  if (typeof header !== 'string' || !headerName.test(header))
    wrong(`${at}.header: Invalid value: ${JSON.stringify(header)}: the name of a header is wanted`);
  return { header: String(header), secretArn: arnOf(fields.secretArn, `${at}.secretArn`, wrong) };
}

function arnOf(value: unknown, at: string, wrong: Wrong): string {
  if (typeof value === 'string' && /^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:\S+$/.test(value))
    return value;
  wrong(`${at}: Invalid value: ${JSON.stringify(value)}: an ARN is wanted`);
  return '';
}
