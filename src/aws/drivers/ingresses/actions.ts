import type { IngressBackend } from '../../../shared/kinds/schema/types.ts';
import { type Fields, fieldsOf, foldedJson, isText } from './foldedJson.ts';

/**
 * Is what the AWS Load Balancer Controller's annotations `actions.<name>` say, in its words: a backend whose port is
 * `use-annotation` names one instead of a Service.
 */
export const albPrefix = 'alb.ingress.kubernetes.io/';

export type BackendAction<Target = BackendTarget> = Forward<Target> | FixedResponse | Redirect;

export interface Forward<Target> {
  forward: { target: Target; weight: number }[];
  /** Says how long a client stays with the target group it was sent to; absent: not at all. */
  stickySeconds?: number;
}

/** A Service port as the Ingress names it, or a target group that somebody else made. */
export type BackendTarget = { service: string; port: string | number } | { arn: string };

export interface FixedResponse {
  answer: { status: string; contentType: string; body: string };
}

/** Parts may be `#{host}` and so on: what was asked for. */
export interface Redirect {
  redirect: { protocol: string; host: string; port: string; path: string; query: string; status: string };
}

/** `key` is the annotation without its prefix. */
type Refuse = (key: string, message: string) => void;

/** The limit of ELBv2. */
const mostTargets = 5;
const longestBody = 1_024;
const contentTypes = ['text/plain', 'text/css', 'text/html', 'application/javascript', 'application/json'];
const mostWeight = 999;
const longestStickSeconds = 604_800;

export const usesAnnotation = ({ service }: IngressBackend): boolean =>
  service?.port?.name === 'use-annotation';

/** Returns where requests for a backend go; undefined when its annotation cannot be had, which `refuse` is told. */
export function actionOf(
  backend: IngressBackend,
  annotations: Record<string, string> = {},
  refuse: Refuse = () => {},
): BackendAction | undefined {
  const { name: service = '', port = {} } = backend.service ?? {};
  if (!usesAnnotation(backend)) return forwardTo({ service, port: port.name || (port.number ?? 0) });
  const key = `actions.${service}`;
  const text = annotations[albPrefix + key];
  if (text === undefined) return fixedResponse('503', 'Backend action does not exist');
  const says = fieldsOf(foldedJson(text));
  const found = readAction(says);
  if (typeof found !== 'string') return found;
  refuse(key, found);
  return undefined;
}

export const fixedResponse = (status: string, body = '', contentType = 'text/plain'): FixedResponse => ({
  answer: { status, contentType, body },
});

export const redirectTo = (status: string, parts: Partial<Redirect['redirect']>): Redirect => ({
  redirect: {
    protocol: '#{protocol}',
    host: '#{host}',
    port: '#{port}',
    path: '/#{path}',
    query: '#{query}',
    ...parts,
    status,
  },
});

const forwardTo = (target: BackendTarget): Forward<BackendTarget> => ({ forward: [{ target, weight: 1 }] });

/** A sentence where it is wrong. */
function readAction(action: Fields): BackendAction | string {
  switch (action.type) {
    case 'fixed-response':
      return action.fixedresponseconfig
        ? readFixedResponse(fieldsOf(action.fixedresponseconfig))
        : 'missing FixedResponseConfig';
    case 'redirect':
      return action.redirectconfig ? readRedirect(fieldsOf(action.redirectconfig)) : 'missing RedirectConfig';
    case 'forward':
      return readForward(action);
    default:
      return `unknown action type: ${action.type ?? 'none'}`;
  }
}

function readFixedResponse({ statuscode, messagebody = '', contenttype = 'text/plain' }: Fields) {
  if (!isText(statuscode)) return 'invalid FixedResponseConfig: statusCode is required';
  if (!/^[245]\d\d$/.test(statuscode)) return 'statusCode must be 2XX, 4XX or 5XX';
  if (typeof messagebody !== 'string' || messagebody.length > longestBody)
    return `messageBody must be a text of at most ${longestBody} characters`;
  if (!isText(contenttype) || !contentTypes.includes(contenttype))
    return `contentType must be one of: ${contentTypes.join(', ')}`;
  return fixedResponse(statuscode, messagebody, contenttype);
}

function readRedirect({ statuscode, ...config }: Fields) {
  if (!isText(statuscode)) return 'invalid RedirectConfig: statusCode is required';
  if (statuscode !== 'HTTP_301' && statuscode !== 'HTTP_302')
    return 'statusCode must be HTTP_301 or HTTP_302';
  const parts = ['protocol', 'host', 'port', 'path', 'query'].filter((p) => typeof config[p] === 'string');
  return redirectTo(statuscode, Object.fromEntries(parts.map((part) => [part, config[part]])));
}

function readForward({
  forwardconfig,
  targetgrouparn: arn,
  targetgroupname,
}: Fields): BackendAction | string {
  if (targetgroupname !== undefined) return byName;
  if (isText(arn)) {
    if (forwardconfig) return 'either ForwardConfig or TargetGroupARN/TargetGroupName can be specified';
    return forwardTo({ arn });
  }
  if (!forwardconfig) return 'missing ForwardConfig or TargetGroupARN/TargetGroupName';
  const config = fieldsOf(forwardconfig);
  const tuples = Array.isArray(config.targetgroups) ? config.targetgroups.map(fieldsOf) : [];
  if (tuples.length === 0 || tuples.length > mostTargets)
    return `invalid ForwardConfig: targetGroups must be 1 to ${mostTargets}`;
  const forward: Forward<BackendTarget>['forward'] = [];
  for (const tuple of tuples) {
    const target = readTarget(tuple);
    if (typeof target === 'string') return `invalid ForwardConfig: invalid TargetGroupTuple: ${target}`;
    const { weight = tuples.length > 1 ? undefined : 1 } = tuple;
    if (weight === undefined) return 'weight must be set when route to multiple target groups';
    if (!isWithin(weight, 0, mostWeight)) return `weight must be a whole number from 0 to ${mostWeight}`;
    forward.push({ target, weight });
  }
  const { enabled, durationseconds } = fieldsOf(config.targetgroupstickinessconfig);
  if (enabled !== true) return { forward };
  if (!isWithin(durationseconds, 1, longestStickSeconds))
    return `targetGroupStickinessConfig: durationSeconds must be from 1 to ${longestStickSeconds}`;
  return { forward, stickySeconds: durationseconds };
}

function readTarget(tuple: Fields): BackendTarget | string {
  const { targetgrouparn: arn, targetgroupname, servicename: service, serviceport: port } = tuple;
  if (targetgroupname !== undefined) return byName;
  if (isText(arn) && isText(service))
    return 'either serviceName or targetGroupARN/targetGroupName can be specified';
  if (isText(arn)) return { arn };
  if (!isText(service)) return 'missing serviceName or targetGroupARN/targetGroupName';
  if (typeof port !== 'number' && !isText(port)) return 'missing servicePort';
  return { service, port: /^\d+$/.test(String(port)) ? Number(port) : port };
}

const byName = 'targetGroupName is not supported: targetGroupARN is';

const isWithin = (value: unknown, min: number, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
