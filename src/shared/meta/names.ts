/**
 * Validators of names, each answering the problems found in the exact words of Kubernetes
 * (apimachinery `pkg/util/validation`); an empty list means valid.
 */
type Problems = (value: string) => string[];

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const matching = (text: string) => new RegExp(`^(${text})$`);
const maxLength = (length: number) => `must be no more than ${length} characters`;
const regexHint = (message: string, format: string, ...examples: string[]) =>
  `${message} (${examples.length ? `e.g. ${examples.map((example) => `'${example}'`).join(', or ')}, ` : ''}regex used for validation is '${format}')`;

const rule =
  (pattern: string, max: number, hint: string): Problems =>
  (value) => [
    ...(value.length > max ? [maxLength(max)] : []),
    ...(matching(pattern).test(value) ? [] : [hint]),
  ];

const subdomain = `${label}(\\.${label})*`;
/** Object names of most kinds. */
export const dns1123SubdomainProblems = rule(
  subdomain,
  253,
  regexHint(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    subdomain,
    'example.com',
  ),
);

/** Namespaces, container names. */
export const dns1123LabelProblems = rule(
  label,
  63,
  regexHint(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    label,
    'my-name',
    '123-abc',
  ),
);

const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
/** Service names. */
export const dns1035LabelProblems = rule(
  label1035,
  63,
  regexHint(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    label1035,
    'my-name',
    'abc-123',
  ),
);

const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
/** Label keys, annotation keys, finalizers: `name` or `prefix/name`. */
export const qualifiedNameProblems: Problems = (value) => {
  const parts = value.split('/');
  if (parts.length > 2)
    return [
      `a qualified name ${regexHint(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        qualified,
        'MyName',
        'my.name',
        '123-abc',
      )} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const problems: string[] = [];
  const [prefix, name] = parts.length === 2 ? [parts[0]!, parts[1]!] : [undefined, value];
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined)
    problems.push(...dns1123SubdomainProblems(prefix).map((problem) => `prefix part ${problem}`));
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push(`name part ${maxLength(63)}`);
  if (!matching(qualified).test(name))
    problems.push(
      `name part ${regexHint(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        qualified,
        'MyName',
        'my.name',
        '123-abc',
      )}`,
    );
  return problems;
};

const labelValue = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
export const labelValueProblems = rule(
  labelValue,
  63,
  regexHint(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    labelValue,
    'MyValue',
    'my_value',
    '12345',
  ),
);

/** Names in URL paths, for kinds with looser names. */
export const pathSegmentProblems: Problems = (value) => {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`);
};

/** Names of container and service ports (IANA service names). */
export const portNameProblems: Problems = (value) => {
  const problems: string[] = [];
  if (value.length > 15) problems.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(value))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) problems.push('must contain at least one letter (a-z)');
  if (value.includes('--')) problems.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
};

const printable =
  "a valid environment variable name must consist only of printable ASCII characters other than '='";
/** Environment variable names, as relaxed since 1.34: any printable ASCII but `=`. */
export const envVarNameProblems: Problems = (value) => (/^[ -<>-~]+$/.test(value) ? [] : [printable]);

const configMapKey = '[-._a-zA-Z0-9]+';
export const configMapKeyProblems: Problems = (value) => {
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  if (value.startsWith('..')) return ["must not start with '..'"];
  return rule(
    configMapKey,
    253,
    regexHint(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
      configMapKey,
      'key.name',
      'KEY_NAME',
      'key-name',
    ),
  )(value);
};

/** A port number. */
export const portNumberProblems = (value: number): string[] =>
  Number.isInteger(value) && value >= 1 && value <= 65535 ? [] : ['must be between 1 and 65535, inclusive'];
