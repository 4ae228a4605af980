import { invalid } from '../../../shared/errors/common.ts';
import type { ServiceRef } from '../../../shared/ports/cloud.ts';
import { tags } from '../tags.ts';
import { networkOf } from './cidr.ts';
import { settingsTag, sharedTag } from './desired.ts';
import { isTargetGroupOf } from './names.ts';
import type {
  HealthCheck,
  ListenerSpec,
  LoadBalancerSpec,
  Observed,
  ObservedListener,
  ObservedTargetGroup,
  Rule,
  Stack,
  Surroundings,
  Target,
  TargetGroupSpec,
} from './stack.ts';

/** One request, or two that belong together. Things are named; apply.ts knows their ARNs, also of those just made. */
export type Action =
  | { do: 'createSecurityGroup'; spec: LoadBalancerSpec }
  | { do: 'authorize' | 'revoke'; rules: Rule[] }
  | { do: 'createTargetGroup'; spec: TargetGroupSpec }
  | { do: 'setHealth'; targetGroup: string; health: HealthCheck }
  | { do: 'setTargetGroup'; spec: TargetGroupSpec }
  | { do: 'createLoadBalancer'; spec: LoadBalancerSpec; ownGroup: boolean }
  | { do: 'setSubnets'; spec: LoadBalancerSpec }
  | { do: 'setSecurityGroups'; securityGroups: string[]; ownGroup: boolean }
  | { do: 'setLoadBalancer'; spec: LoadBalancerSpec }
  | { do: 'createListener'; spec: ListenerSpec; tags: Record<string, string> }
  | { do: 'modifyListener'; arn: string; spec: ListenerSpec }
  | { do: 'addCertificates'; port: number; certificates: string[] }
  | { do: 'register' | 'deregister'; targetGroup: string; targets: Target[] }
  | { do: 'deleteListener'; arn: string }
  | { do: 'deleteTargetGroup'; arn: string };

/**
 * From what is there to what is wanted: creates, then changes, then deletes, each in an order in which nothing is
 * needed before it exists or removed while in use. `owner` is the Service's hash: what does not carry it is another
 * Service's. Pure. Throws Invalid when another one holds a port.
 */
export function plan(ref: ServiceRef, owner: string, wanted: Stack, observed: Observed): Action[] {
  const mine = observed.targetGroups.filter(({ name }) => isTargetGroupOf(owner, name));
  checkPorts(ref, wanted, observed, mine);
  const ownListeners = observed.listeners.filter((l) => mine.some(({ arn }) => arn === l.targetGroupArn));
  const around = planAround(owner, wanted, observed);
  return [
    ...around.before,
    ...listeners(wanted, observed, ownListeners),
    ...around.after,
    ...ownListeners
      .filter((l) => !wanted.listeners.some(({ port }) => port === l.port))
      .map(({ arn }): Action => ({ do: 'deleteListener', arn })),
    ...around.last,
  ];
}

/** Returns what comes before listeners, after them, and once nothing leads to a target group any more. */
export function planAround(owner: string, wanted: Surroundings, observed: Observed) {
  const mine = observed.targetGroups.filter(({ name }) => isTargetGroupOf(owner, name));
  const targets = planTargetGroups(wanted.targetGroups, mine);
  return {
    before: [...securityGroup(wanted, observed, owner), ...targets.before, ...loadBalancer(wanted, observed)],
    after: [...settings(wanted, observed), ...targets.after],
    last: mine
      .filter((g) => !wanted.targetGroups.some(({ name }) => name === g.name))
      .map(({ arn }): Action => ({ do: 'deleteTargetGroup', arn })),
  };
}

/** On a shared load balancer, the first Service has the port. */
function checkPorts(ref: ServiceRef, wanted: Stack, observed: Observed, mine: ObservedTargetGroup[]): void {
  const causes = observed.listeners
    .filter((l) => wanted.listeners.some(({ port }) => port === l.port))
    .filter((l) => !mine.some(({ arn }) => arn === l.targetGroupArn))
    .map((l) => {
      const group = observed.targetGroups.find(({ arn }) => arn === l.targetGroupArn);
      const holder = group
        ? `Service ${group.tags[tags.namespace]}/${group.tags[tags.name]}`
        : 'somebody else';
      const message = `Invalid value: ${l.port}: taken by ${holder} on the load balancer ${wanted.loadBalancer.name}`;
      return { reason: 'FieldValueInvalid', field: 'spec.ports', message };
    });
  if (causes.length > 0) throw invalid('Service', '', ref.name, causes);
}

/** Inbound rules that a security group may have. */
const mostRules = 60;

function securityGroup(
  { loadBalancer, rules }: Surroundings,
  { securityGroup }: Observed,
  owner: string,
): Action[] {
  const all = securityGroup?.rules ?? [];
  const wanted = distinct((rules ?? []).map((rule) => ({ ...rule, cidr: networkOf(rule.cidr) })));
  // EC2 accepts a rule once, also when somebody else added it.
  const fresh = wanted.filter((rule) => !all.some((other) => sameRule(rule, other)));
  const stale = all
    .filter(({ description }) => description === owner)
    .filter((rule) => !wanted.some((other) => sameRule(rule, other)));
  const revoke = when(stale.length > 0, { do: 'revoke', rules: stale });
  const full = all.length + fresh.length > mostRules;
  return [
    ...when(rules !== undefined && !securityGroup, { do: 'createSecurityGroup', spec: loadBalancer }),
    ...(full ? revoke : []),
    ...when(fresh.length > 0, { do: 'authorize', rules: fresh }),
    ...(full ? [] : revoke),
  ];
}

const distinct = (rules: Rule[]): Rule[] =>
  rules.filter((rule, i) => rules.findIndex((other) => sameRule(rule, other)) === i);

export function planTargetGroups(wanted: TargetGroupSpec[], mine: ObservedTargetGroup[]) {
  const before: Action[] = [];
  const after: Action[] = [];
  for (const spec of wanted) {
    const found = mine.find(({ name }) => name === spec.name);
    const old = found?.targets ?? [];
    const fresh = spec.targets.filter((target) => !old.some((other) => sameTarget(target, other)));
    const gone = old.filter((target) => !spec.targets.some((other) => sameTarget(target, other)));
    before.push(
      ...when(!found, { do: 'createTargetGroup', spec }),
      ...when(found && !spec.isFunction && !sameHealth(found.health, spec.health), {
        do: 'setHealth',
        targetGroup: spec.name,
        health: spec.health,
      }),
      ...when(found?.tags[settingsTag] !== spec.tags[settingsTag], { do: 'setTargetGroup', spec }),
      ...when(fresh.length > 0, { do: 'register', targetGroup: spec.name, targets: fresh }),
    );
    after.push(...when(gone.length > 0, { do: 'deregister', targetGroup: spec.name, targets: gone }));
  }
  return { before, after };
}

/** What several Services share is as the first of them asked. */
const isShared = ({ tags }: LoadBalancerSpec) => tags[sharedTag] !== undefined;

function loadBalancer(
  { loadBalancer: spec, rules }: Surroundings,
  { loadBalancer: found, securityGroup }: Observed,
): Action[] {
  const ownGroup = rules !== undefined;
  const { securityGroups, subnets } = spec;
  if (!found) return [{ do: 'createLoadBalancer', spec, ownGroup }];
  if (isShared(spec)) return [];
  const groups = [...securityGroups, ...(ownGroup ? [securityGroup?.id ?? ''] : [])];
  return [
    ...when(!sameSet(found.subnets, subnets), { do: 'setSubnets', spec }),
    ...when(!sameSet(found.securityGroups, groups), { do: 'setSecurityGroups', securityGroups, ownGroup }),
  ];
}

/** Last of all changes: its tag says that the rest is done. */
function settings({ loadBalancer: spec }: Surroundings, { loadBalancer: found }: Observed): Action[] {
  const settled =
    found && (isShared(spec) ? Object.hasOwn(found.tags, settingsTag) : holds(found.tags, spec.tags));
  return when(!settled, { do: 'setLoadBalancer', spec });
}

function listeners(
  { listeners: wanted, targetGroups, loadBalancer }: Stack,
  observed: Observed,
  own: ObservedListener[],
) {
  return wanted.flatMap((spec): Action[] => {
    const found = own.find(({ port }) => port === spec.port);
    const target = observed.targetGroups.find(({ name }) => name === spec.targetGroup);
    const changed = found && !(sameListener(found, spec) && target?.arn === found.targetGroupArn);
    const extra = spec.certificates.slice(1);
    const stale = observed.loadBalancer?.tags[settingsTag] !== loadBalancer.tags[settingsTag];
    const group = targetGroups.find(({ name }) => name === spec.targetGroup);
    return [
      ...when(!found, { do: 'createListener', spec, tags: group?.tags ?? {} }),
      ...when(changed, { do: 'modifyListener', arn: found?.arn ?? '', spec }),
      ...when(extra.length > 0 && (!found || changed || stale), {
        do: 'addCertificates',
        port: spec.port,
        certificates: extra,
      }),
    ];
  });
}

const when = (wanted: boolean | undefined, action: Action): Action[] => (wanted ? [action] : []);

const sameRule = (a: Rule, b: Rule) => a.protocol === b.protocol && a.port === b.port && a.cidr === b.cidr;
const sameTarget = (a: Target, b: Target) => a.address === b.address && a.port === b.port;
const sameListener = (found: ObservedListener, spec: ListenerSpec) =>
  found.protocol === spec.protocol &&
  found.certificate === spec.certificates[0] &&
  found.sslPolicy === spec.sslPolicy;
const sameHealth = (a: HealthCheck, b: HealthCheck) =>
  (Object.keys({ ...a, ...b }) as (keyof HealthCheck)[]).every((key) => a[key] === b[key]);
const sameSet = (a: string[], b: string[]) => [...a].sort().join() === [...b].sort().join();
const holds = (found: Record<string, string>, wanted: Record<string, string>) =>
  Object.entries(wanted).every(([key, value]) => found[key] === value);
