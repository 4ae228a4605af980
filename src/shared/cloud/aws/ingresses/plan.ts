import type { ObservedRule, ObservedWebListener, WebListener, WebRule } from './stack.ts';

/** One request. `port` stands for a listener. */
export type WebAction =
  | { do: 'createListener'; spec: WebListener }
  | { do: 'modifyListener'; arn: string; spec: WebListener }
  | { do: 'addCertificates'; port: number; certificates: string[] }
  | { do: 'createRule'; port: number; priority: number; rule: WebRule }
  | { do: 'modifyRule'; arn: string; rule: WebRule }
  | { do: 'deleteRule'; arn: string }
  | { do: 'deleteListener'; arn: string };

/** `stale`: whether further certificates may not be there yet. Pure. */
export function planListeners(
  wanted: WebListener[],
  observed: ObservedWebListener[],
  stale: boolean,
): WebAction[] {
  return [
    ...wanted.flatMap((spec): WebAction[] => {
      // What changes between HTTP and HTTPS changes with its certificates, in one request.
      const found = observed.find(({ port }) => port === spec.port);
      const changed = found && !isSame(found, spec);
      const extra = spec.certificates.slice(1);
      return [
        ...(found ? [] : [{ do: 'createListener' as const, spec }]),
        ...(changed ? [{ do: 'modifyListener' as const, arn: found.arn, spec }] : []),
        ...(extra.length > 0 && (!found || changed || stale)
          ? [{ do: 'addCertificates' as const, port: spec.port, certificates: extra }]
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

const isSame = (found: ObservedWebListener, spec: WebListener) =>
  found.protocol === spec.protocol &&
  found.certificate === spec.certificates[0] &&
  found.sslPolicy === spec.sslPolicy &&
  text(found.otherwise) === text(spec.otherwise);

const isSameRule = (found: ObservedRule, rule: WebRule) =>
  text(found.action) === text(rule.action) &&
  text(found.hosts) === text(rule.hosts) &&
  text([...found.paths].sort()) === text([...rule.paths].sort());

const text = (part: unknown) => JSON.stringify(part);
