import type { Cause } from '../../../../errors/apiError.ts';
import { goText } from '../../../schema/goText.ts';
import type {
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { isSame } from '../../../validation/same.ts';
import { bootstrapPriorityLevels, mandatory } from '../bootstrap.ts';
import { validFlowConditions } from '../conditions.ts';

/** An annotation of an older version, which this one has a field for. */
const preserveZero = 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares';

export function validate({ metadata, spec, status }: PriorityLevelConfiguration): Cause[] {
  const { name = '', annotations = {} } = metadata;
  const causes = Object.hasOwn(annotations, preserveZero)
    ? [forbidden('metadata.annotations', `annotation '${preserveZero}' is forbidden`)]
    : [];
  if (spec) causes.push(...validSpec('spec', name, spec), ...unlessFixed('spec', name, spec));
  return [...causes, ...validFlowConditions('status.conditions', status?.conditions)];
}

export const validateStatus = ({ status }: PriorityLevelConfiguration): Cause[] =>
  validFlowConditions('status.conditions', status?.conditions);

/** The share of the level `exempt` may be changed, but nothing of `catch-all`. */
function unlessFixed(field: string, name: string, spec: PriorityLevelConfigurationSpec): Cause[] {
  const level = mandatory.includes(name)
    ? bootstrapPriorityLevels.find((each) => each.metadata.name === name)
    : undefined;
  if (!level) return [];
  const isExempt = name === 'exempt';
  const compared = isExempt ? { ...spec, exempt: level.spec?.exempt } : spec;
  if (isSame(compared, level.spec)) return [];
  const but = isExempt ? " except the 'spec.exempt' field" : '';
  return [
    invalidValue(
      field,
      goText('PriorityLevelConfigurationSpec', spec),
      `spec of '${name}'${but} must equal the fixed value`,
    ),
  ];
}

function validSpec(at: string, name: string, spec: PriorityLevelConfigurationSpec): Cause[] {
  const { type, limited, exempt } = spec;
  const causes =
    (name === 'exempt') === (type === 'Exempt')
      ? []
      : [invalidValue(`${at}.type`, type, "must be 'Exempt' if and only if `name` is 'exempt'")];
  if (type === 'Exempt') {
    if (limited) causes.push(forbidden(`${at}.limited`, 'must be nil if the type is not Limited'));
    return exempt ? [...causes, ...validShares(`${at}.exempt`, exempt)] : causes;
  }
  if (type !== 'Limited') return [...causes, notSupported(`${at}.type`, type, ['Exempt', 'Limited'])];
  if (exempt) causes.push(forbidden(`${at}.exempt`, 'must be nil if the type is Limited'));
  return limited
    ? [...causes, ...validLimited(`${at}.limited`, limited)]
    : [...causes, required(`${at}.limited`, 'must not be empty when type is Limited')];
}

const nonNegativeInteger = 'must be a non-negative integer';

const validNominal = (at: string, shares = 0): Cause[] =>
  shares < 0 ? [invalidValue(`${at}.nominalConcurrencyShares`, shares, nonNegativeInteger)] : [];

const validLendable = (at: string, percent = 0): Cause[] =>
  percent >= 0 && percent <= 100
    ? []
    : [invalidValue(`${at}.lendablePercent`, percent, 'must be between 0 and 100, inclusive')];

const validShares = (
  at: string,
  shares: Pick<LimitedPriorityLevelConfiguration, 'nominalConcurrencyShares' | 'lendablePercent'>,
): Cause[] => [
  ...validNominal(at, shares.nominalConcurrencyShares),
  ...validLendable(at, shares.lendablePercent),
];

function validLimited(at: string, limited: LimitedPriorityLevelConfiguration): Cause[] {
  const { limitResponse, borrowingLimitPercent: limit = 0 } = limited;
  return [
    ...validNominal(at, limited.nominalConcurrencyShares),
    ...validResponse(`${at}.limitResponse`, limitResponse ?? { type: '' }),
    ...validLendable(at, limited.lendablePercent),
    ...(limit < 0
      ? [invalidValue(`${at}.borrowingLimitPercent`, limit, `if specified, ${nonNegativeInteger}`)]
      : []),
  ];
}

function validResponse(at: string, { type, queuing }: LimitResponse): Cause[] {
  const field = `${at}.queuing`;
  if (type === 'Reject')
    return queuing ? [forbidden(field, 'must be nil if limited.limitResponse.type is not Limited')] : [];
  if (type !== 'Queue') return [notSupported(`${at}.type`, type, ['Queue', 'Reject'])];
  return queuing
    ? validQueuing(field, queuing)
    : [required(field, 'must not be empty if limited.limitResponse.type is Limited')];
}

const mostQueues = 10_000_000;
const mostEntropyBits = 60;

function validQueuing(at: string, { queues, handSize, queueLengthLimit: length }: QueuingConfiguration) {
  const causes: Cause[] = [];
  const check = (field: keyof QueuingConfiguration, value: number, why: string | undefined) => {
    if (why) causes.push(invalidValue(`${at}.${field}`, value, why));
  };
  check('queueLengthLimit', length, length <= 0 ? 'must be positive' : undefined);
  const tooMany = queues > mostQueues ? `must not be greater than ${mostQueues}` : undefined;
  check('queues', queues, queues <= 0 ? 'must be positive' : tooMany);
  check('handSize', handSize, handProblem(queues, handSize));
  return causes;
}

/** A hand of queues is dealt by one hash of the flow, which has to have bits enough. */
function handProblem(queues: number, handSize: number): string | undefined {
  if (handSize <= 0) return 'must be positive';
  if (handSize > queues) return `should not be greater than queues (${queues})`;
  const bits = Math.ceil(Math.log2(queues) * handSize);
  return bits > mostEntropyBits
    ? `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${mostEntropyBits}`
    : undefined;
}
