/** Region names of a partition, and the domains of its STS. */
interface Partition {
  arn: string;
  region: RegExp;
  domains: string[];
  /** A host that stands for no region. */
  global?: string;
}

const partitions: Partition[] = [
  {
    arn: 'aws',
    region:
      /^(af|ap|ca|eu|il|me|mx|sa|us)-(central|east|north|northeast|northwest|south|southeast|southwest|west)-\d$/,
    domains: ['amazonaws.com', 'api.aws'],
    global: 'sts.amazonaws.com',
  },
  { arn: 'aws-us-gov', region: /^us-gov-(east|west)-\d$/, domains: ['amazonaws.com', 'api.aws'] },
  {
    arn: 'aws-cn',
    region: /^cn-(north|northwest)-\d$/,
    domains: ['amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  },
  { arn: 'aws-iso', region: /^us-iso-(east|west)-\d$/, domains: ['c2s.ic.gov'] },
  { arn: 'aws-iso-b', region: /^us-isob-(east|west)-\d$/, domains: ['sc2s.sgov.gov'] },
  { arn: 'aws-eusc', region: /^eusc-de-east-\d$/, domains: ['amazonaws.eu'] },
];

const partitionOf = (region: string) => partitions.find((each) => each.region.test(region)) ?? partitions[0]!;

/**
 * Returns whether a host is an STS of the partition that `region` is in: an answer of any other host would prove
 * nothing.
 */
export function isStsHost(host: string, region: string): boolean {
  const { global, domains, region: regions } = partitionOf(region);
  if (host === global) return true;
  return domains.some((domain) => {
    if (!host.endsWith(`.${domain}`)) return false;
    const [service = '', name = '', ...more] = host.slice(0, -domain.length - 1).split('.');
    return (service === 'sts' || service === 'sts-fips') && regions.test(name) && more.length === 0;
  });
}

/** Returns where tokens for `region` are signed for. */
export const stsHost = (region: string): string => `sts.${region}.${partitionOf(region).domains[0]}`;
