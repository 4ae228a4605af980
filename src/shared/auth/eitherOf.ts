import type { Authorizer } from './authorize.ts';

/** Allows what one of two allows. The second is asked only about what the first does not allow. */
export const eitherOf = (first: Authorizer, second: Authorizer): Authorizer => ({
  decide: async (attributes) => {
    const decision = await first.decide(attributes);
    return decision.allowed ? decision : second.decide(attributes);
  },
  rules: async (...asked) => {
    const [one, other] = await Promise.all([first.rules(...asked), second.rules(...asked)]);
    const errors = [one.evaluationError ?? [], other.evaluationError ?? []].flat();
    return {
      resourceRules: distinct([...one.resourceRules, ...other.resourceRules]),
      nonResourceRules: distinct([...one.nonResourceRules, ...other.nonResourceRules]),
      ...(errors.length && { evaluationError: errors.join('; ') }),
      ...((one.incomplete || other.incomplete) && { incomplete: true }),
    };
  },
});

/** What both grant stands once. */
const distinct = <T>(rules: readonly T[]): T[] => [
  ...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values(),
];
