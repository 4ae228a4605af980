import type {
  Condition,
  ObservedRule,
  ObservedWebListener,
  RuleAction,
  WebListener,
  WebRule,
} from './stack.ts';

/** One request. `port` stands for a listener. */
export type WebAction =
  | { do: 'createListener'; spec: WebListener }
  | { do: 'modifyListener'; arn: string; spec: WebListener }
  /** Beside the default one. */
  | { do: 'setCertificates'; port: number; certificates: string[] }
  | { do: 'createRule'; port: number; priority: number; rule: WebRule }
  | { do: 'modifyRule'; arn: string; rule: WebRule }
  | { do: 'deleteRule'; arn: string }
  | { do: 'deleteListener'; arn: string };

/** `stale`: whether further certificates may be others. Pure. */
export function planListeners(
  wanted: WebListener[],
  observed: ObservedWebListener[],
  stale: boolean,
): WebAction[] {
  const rulesAt = (port: number) => observed.find((l) => l.port === port)?.rules.length ?? 0;
  const growth = ({ port, rules }: WebListener) => rules.length - rulesAt(port);
  return [
    // A load balancer has so many rules and no more: who needs fewer begins.
    ...wanted
      .toSorted((a, b) => growth(a) - growth(b))
      .flatMap((spec): WebAction[] => {
        // What changes between HTTP and HTTPS changes with its certificates, in one request.
        const found = observed.find(({ port }) => port === spec.port);
        const changed = found && !isSame(found, spec);
        const extra = spec.certificates.slice(1);
        return [
          ...(found ? [] : [{ do: 'createListener' as const, spec }]),
          ...(changed ? [{ do: 'modifyListener' as const, arn: found.arn, spec }] : []),
          ...(needsCertificates(spec, found, changed || stale)
            ? [{ do: 'setCertificates' as const, port: spec.port, certificates: extra }]
            : []),
          ...planRules(spec, found?.rules ?? []),
        ];
      }),
    ...observed
      .filter((l) => !wanted.some(({ port }) => port === l.port))
      .map(({ arn }): WebAction => ({ do: 'deleteListener', arn })),
  ];
}

/**
 * Rules by place, since a place cannot be changed. Where rules become more, the last ones move first, else the first
 * ones: so those that stay are somewhere at every moment, while others only come or only go.
 */
function planRules({ port, rules }: WebListener, observed: ObservedRule[]): WebAction[] {
  const at = new Map(observed.map((rule) => [rule.priority, rule]));
  const changes = rules.flatMap((rule, i): WebAction[] => {
    const found = at.get(i + 1);
    if (!found) return [{ do: 'createRule', port, priority: i + 1, rule }];
    return isSameRule(found, rule) ? [] : [{ do: 'modifyRule', arn: found.arn, rule }];
  });
  if (rules.length > observed.length) changes.reverse();
  const surplus = observed.filter(({ priority }) => priority > rules.length);
  return [...changes, ...surplus.map(({ arn }): WebAction => ({ do: 'deleteRule', arn }))];
}

/** A new listener has no further ones. */
const needsCertificates = (
  { protocol, certificates }: WebListener,
  found: ObservedWebListener | undefined,
  stale: boolean,
) => protocol === 'HTTPS' && (found ? stale : certificates.length > 1);

const isSame = (found: ObservedWebListener, spec: WebListener) =>
  found.protocol === spec.protocol &&
  found.certificate === spec.certificates[0] &&
  found.sslPolicy === spec.sslPolicy &&
  found.otherwise !== undefined &&
  actionText(found.otherwise) === actionText(spec.otherwise);

const isSameRule = ({ rule: found }: ObservedRule, rule: WebRule) =>
  found !== undefined &&
  actionText(found.action) === actionText(rule.action) &&
  conditionsText(found) === conditionsText(rule);

/** In an order of their own, since ELBv2 may have another. */
const actionText = (action: RuleAction) =>
  text('forward' in action ? { ...action, forward: action.forward.map(text).sort() } : action);

const conditionsText = ({ conditions }: WebRule) => text(conditions.map(conditionText).sort());

const conditionText = (condition: Condition) =>
  'pairs' in condition
    ? text([condition.field, ...condition.pairs.map(({ key, value }) => text([key, value])).sort()])
    : text([condition.field, 'name' in condition ? condition.name : '', ...condition.values.toSorted()]);

const text = (part: unknown) => JSON.stringify(part);
