import type { FakeElb } from './fakeElb.ts';
import { type Acts, failure, type Listener } from './fakeElbParts.ts';
import { type ListenerCondition, type ListenerRule, toldOf } from './fakeRules.ts';

const arnsOf = (certificates: unknown) =>
  (certificates as { CertificateArn: string }[]).map(({ CertificateArn }) => CertificateArn);

/** Of a load balancer. */
const mostRules = 100;
const mostValues = 5;
/** Listeners, their rules and certificates, and those of ACM. */
export const listenerActs = (elb: FakeElb): Acts => ({
  DescribeListeners: ({ LoadBalancerArn }) => ({
    Listeners: [...elb.listeners.values()]
      .filter((l) => l.LoadBalancerArn === LoadBalancerArn)
      .map((l) => ({ ...l, DefaultActions: l.DefaultActions.map(toldOf) })),
  }),
  CreateListener: ({ Tags, ...input }) => {
    if (!elb.balancers.has(input.LoadBalancerArn as string)) throw failure('LoadBalancerNotFoundException');
    const same = [...elb.listeners.values()].some(
      (l) => l.LoadBalancerArn === input.LoadBalancerArn && l.Port === input.Port,
    );
    if (same) throw failure('DuplicateListenerException');
    elb.associate(input.LoadBalancerArn as string, input.DefaultActions);
    const listener = {
      ...input,
      ListenerArn: elb.arn('listener', String(input.Port)),
    } as unknown as Listener;
    elb.listeners.set(listener.ListenerArn, listener);
    elb.setTags(listener.ListenerArn, Tags);
    return { Listeners: [listener] };
  },
  ModifyListener: ({ ListenerArn, ...more }) => {
    const listener = elb.listeners.get(ListenerArn as string)!;
    elb.associate(listener.LoadBalancerArn, more.DefaultActions);
    Object.assign(listener, { Certificates: undefined, SslPolicy: undefined }, more);
    return undefined;
  },
  DeleteListener: ({ ListenerArn }) => {
    elb.forget(ListenerArn as string);
    return undefined;
  },
  ListCertificates: ({ NextToken }) => {
    const all = [...elb.acm].map(([CertificateArn, names]) => ({
      CertificateArn,
      SubjectAlternativeNameSummaries: names.slice(0, 1),
      HasAdditionalSubjectAlternativeNames: names.length > 1,
    }));
    // A certificate a page.
    const at = Number(NextToken ?? 0);
    const next = at + 1 < all.length ? String(at + 1) : undefined;
    return { CertificateSummaryList: all.slice(at, at + 1), NextToken: next };
  },
  DescribeCertificate: ({ CertificateArn }) => ({
    Certificate: { SubjectAlternativeNames: elb.acm.get(CertificateArn as string) },
  }),
  AddListenerCertificates: ({ ListenerArn, Certificates }) => {
    const known = elb.certificates.get(ListenerArn as string) ?? new Set();
    elb.certificates.set(ListenerArn as string, new Set([...known, ...arnsOf(Certificates)]));
    return undefined;
  },
  RemoveListenerCertificates: ({ ListenerArn, Certificates }) => {
    for (const arn of arnsOf(Certificates)) elb.certificates.get(ListenerArn as string)?.delete(arn);
    return undefined;
  },
  DescribeListenerCertificates: ({ ListenerArn }) => {
    const own = elb.listeners.get(ListenerArn as string)?.Certificates ?? [];
    const further = [...(elb.certificates.get(ListenerArn as string) ?? [])];
    return {
      Certificates: [
        ...own.map((c) => ({ ...c, IsDefault: true })),
        ...further.map((CertificateArn) => ({ CertificateArn, IsDefault: false })),
      ],
    };
  },
  DescribeRules: ({ ListenerArn }) => ({
    Rules: [
      ...elb.rulesOf(ListenerArn as string).map((r) => ({ ...r, Actions: r.Actions.map(toldOf) })),
      {
        Priority: 'default',
        IsDefault: true,
        Actions: elb.listeners.get(ListenerArn as string)!.DefaultActions,
      },
    ],
  }),
  CreateRule: ({ Tags, ...input }) => {
    const listener = elb.listeners.get(input.ListenerArn as string);
    if (!listener) throw failure('ListenerNotFoundException');
    const values = (input.Conditions as ListenerCondition[]).flatMap((c) =>
      Object.values(c).flatMap((config) => (config as { Values?: unknown[] }).Values ?? []),
    );
    if (values.length === 0 || values.length > mostValues) throw failure('ValidationError');
    const siblings = [...elb.listeners.values()].filter(
      (l) => l.LoadBalancerArn === listener.LoadBalancerArn,
    );
    if (siblings.flatMap((l) => elb.rulesOf(l.ListenerArn)).length >= mostRules)
      throw failure('TooManyRulesException');
    const Priority = String(input.Priority);
    if (elb.rulesOf(listener.ListenerArn).some((r) => r.Priority === Priority))
      throw failure('PriorityInUseException');
    elb.associate(listener.LoadBalancerArn, input.Actions);
    const RuleArn = elb.arn('listener-rule', Priority);
    elb.rules.set(RuleArn, { ...input, RuleArn, Priority } as unknown as ListenerRule);
    elb.setTags(RuleArn, Tags);
    return { Rules: [{ RuleArn }] };
  },
  ModifyRule: ({ RuleArn, ...more }) => {
    Object.assign(elb.rules.get(RuleArn as string)!, more);
    return undefined;
  },
  DeleteRule: ({ RuleArn }) => {
    elb.rules.delete(RuleArn as string);
    return undefined;
  },
});
