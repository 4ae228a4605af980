/** Rules of the fake ELBv2: what an action is told as, and which requests fit a condition. */

export interface ListenerAction {
  Type: string;
  TargetGroupArn?: string;
  FixedResponseConfig?: { StatusCode: string };
  RedirectConfig?: { Port?: string };
  ForwardConfig?: {
    TargetGroups: { TargetGroupArn: string; Weight: number }[];
    TargetGroupStickinessConfig?: { Enabled: boolean };
  };
}

export interface ListenerCondition {
  Field: string;
  HostHeaderConfig?: { Values: string[] };
  PathPatternConfig?: { Values: string[] };
  HttpRequestMethodConfig?: { Values: string[] };
  SourceIpConfig?: { Values: string[] };
  HttpHeaderConfig?: { HttpHeaderName: string; Values: string[] };
  QueryStringConfig?: { Values: { Key?: string; Value: string }[] };
}

export interface ListenerRule {
  RuleArn: string;
  ListenerArn: string;
  Priority: string;
  Conditions: ListenerCondition[];
  Actions: ListenerAction[];
}

/** As ELBv2 reads its patterns. */
const fits = (pattern: string, text: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(text);

/** What a request may be told apart by beside its host and path. */
export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  query?: Record<string, string>;
  ip?: string;
}

/** Whether a request fits. */
export function holds(c: ListenerCondition, host: string, path: string, asked: Asked): boolean {
  const one = (values: string[] | undefined, text: string | undefined) =>
    values?.some((value) => text !== undefined && fits(value, text)) ?? true;
  const { headers = {}, query = {} } = asked;
  const inQuery = ({ Key, Value }: { Key?: string; Value: string }) =>
    Object.entries(query).some(([key, value]) => (Key === undefined || fits(Key, key)) && fits(Value, value));
  return (
    one(c.HostHeaderConfig?.Values, host) &&
    one(c.PathPatternConfig?.Values, path) &&
    one(c.HttpRequestMethodConfig?.Values, asked.method ?? 'GET') &&
    one(c.HttpHeaderConfig?.Values, headers[c.HttpHeaderConfig?.HttpHeaderName ?? '']) &&
    (c.SourceIpConfig?.Values.some((cidr) => cidr.split('/')[0] === asked.ip) ?? true) &&
    (c.QueryStringConfig?.Values.some(inQuery) ?? true)
  );
}

/** As ELBv2 tells of an action: a single target group in both ways, and a redirect in full. */
export function toldOf(action: ListenerAction): ListenerAction {
  const { Type, TargetGroupArn, RedirectConfig } = action;
  const same = { Protocol: '#{protocol}', Host: '#{host}', Path: '/#{path}', Query: '#{query}' };
  if (Type === 'redirect')
    return { ...action, RedirectConfig: { ...same, Port: '#{port}', ...RedirectConfig } };
  if (!TargetGroupArn) return action;
  const TargetGroups = [{ TargetGroupArn, Weight: 1 }];
  return { ...action, ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } } };
}

/** The target group that has requests; with several, the first that has a weight. */
export const ledTo = (action: ListenerAction): string | undefined =>
  action.ForwardConfig
    ? action.ForwardConfig.TargetGroups.find(({ Weight }) => Weight > 0)?.TargetGroupArn
    : action.TargetGroupArn;

/** ARNs. */
export const groupsOf = ({ TargetGroupArn, ForwardConfig }: ListenerAction): string[] =>
  ForwardConfig?.TargetGroups.map((g) => g.TargetGroupArn) ?? [TargetGroupArn ?? []].flat();
