/**
 * Validators of names. Each answers the problems it finds in the exact words of Kubernetes 1.35 (apimachinery
 * `pkg/util/validation`); an empty list means valid.
 */
export type Problems = (value: string) => string[];

const maxCharacters = (length: number) => `must be no more than ${length} characters`;
const maxBytes = (length: number) => `must be no more than ${length} bytes`;

/** Kubernetes separates the examples with a comma and two spaces. */
export function regexHint(message: string, format: string, ...examples: string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${message} (${shown && `e.g. ${shown}`}regex used for validation is '${format}')`;
}

function rule(format: string, hint: string, max?: { length: number; text: string }): Problems {
  const pattern = new RegExp(`^(?:${format})$`);
  return (value) => {
    const problems: string[] = [];
    if (max && value.length > max.length) problems.push(max.text);
    if (!pattern.test(value)) problems.push(hint);
    return problems;
  };
}

const characters = (length: number) => ({ length, text: maxCharacters(length) });

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';

/** Object names of most kinds. */
export const dns1123SubdomainProblems = rule(
  subdomain,
  regexHint(
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    subdomain,
    'example.com',
  ),
  characters(253),
);

/** The same rule as Kubernetes words it for kinds that are validated by declarations. */
export const longNameProblems = (name: string): string[] =>
  dns1123SubdomainProblems(name).map((why) => (why === maxCharacters(253) ? maxBytes(253) : why));

const wildcard = `\\*\\.${subdomain}`;

/** Hosts that stand for all names of one more label. */
export const wildcardProblems = rule(
  wildcard,
  regexHint(
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
    wildcard,
    '*.example.com',
  ),
  characters(253),
);

const anyLabel = rule(
  label,
  regexHint(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    label,
    'my-name',
    '123-abc',
  ),
);
const isSubdomain = new RegExp(`^${subdomain}$`);

/** Namespaces, container names, volume names. */
export const dns1123LabelProblems: Problems = (value) => {
  const problems = value.length > 63 ? [maxCharacters(63)] : [];
  const shape = anyLabel(value);
  // What is a subdomain but no label has dots.
  if (shape.length > 0) problems.push(...(isSubdomain.test(value) ? ['must not contain dots'] : shape));
  return problems;
};

/** Service names. */
export const dns1035LabelProblems = rule(
  label1035,
  regexHint(
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    label1035,
    'my-name',
    'abc-123',
  ),
  characters(63),
);

const keyName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const keyNameHint = regexHint(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  keyName,
  'MyName',
  'my.name',
  '123-abc',
);
const keyNamePattern = new RegExp(`^${keyName}$`);

/** Label keys, annotation keys, finalizers: `name` or `prefix/name`. */
export const qualifiedNameProblems: Problems = (value) => {
  const parts = value.split('/');
  if (parts.length > 2)
    return [
      `a valid label key ${keyNameHint} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const problems: string[] = [];
  const prefix = parts.length === 2 ? parts[0]! : undefined;
  const name = parts.at(-1)!;
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined)
    problems.push(...longNameProblems(prefix).map((problem) => `prefix part ${problem}`));
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push(`name part ${maxBytes(63)}`);
  if (!keyNamePattern.test(name)) problems.push(`name part ${keyNameHint}`);
  return problems;
};

const labelValue = `(${keyName})?`;
export const labelValueProblems = rule(
  labelValue,
  regexHint(
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    labelValue,
    'MyValue',
    'my_value',
    '12345',
  ),
  { length: 63, text: maxBytes(63) },
);

/** Annotation keys are qualified names in which case does not matter. */
export const annotationKeyProblems: Problems = (value) => qualifiedNameProblems(value.toLowerCase());

/** The most that keys and values of all annotations of an object may have in bytes. */
export const maxAnnotationsBytes = 256 * 1024;

/** Returns whether keys and values together exceed so many bytes. */
export function textsExceed(texts: Record<string, string>, most: number): boolean {
  let characters = 0;
  for (const key in texts) characters += key.length + texts[key]!.length;
  if (characters * 3 <= most) return false;
  let bytes = 0;
  for (const key in texts) bytes += Buffer.byteLength(key) + Buffer.byteLength(texts[key]!);
  return bytes > most;
}

/** Names that stand in URL paths, for kinds with looser names. */
export const pathSegmentProblems: Problems = (value) =>
  value === '.' || value === '..'
    ? [`may not be '${value}'`]
    : ['/', '%'].filter((part) => value.includes(part)).map((part) => `may not contain '${part}'`);

/** Names of container and service ports (IANA service names). */
export const portNameProblems: Problems = (value) => {
  const problems: string[] = [];
  if (value.length > 15) problems.push(maxCharacters(15));
  if (!/^[-a-z0-9]+$/.test(value))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) problems.push('must contain at least one letter (a-z)');
  if (value.includes('--')) problems.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
};

/** Environment variable names as relaxed since 1.34: any printable ASCII but `=`. */
export const envVarNameProblems: Problems = (value) => {
  if (value === '') return ['environment variable name must be non-empty'];
  return /^[ -<>-~]*$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
};

const configMapKey = '[-._a-zA-Z0-9]+';
const configMapKeyShape = rule(
  configMapKey,
  regexHint(
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    configMapKey,
    'key.name',
    'KEY_NAME',
    'key-name',
  ),
  characters(253),
);

/** Keys of ConfigMaps and Secrets. */
export const configMapKeyProblems: Problems = (value) => {
  const problems = configMapKeyShape(value);
  if (value === '.' || value === '..') problems.push(`must not be '${value}'`);
  else if (value.startsWith('..')) problems.push("must not start with '..'");
  return problems;
};

export const inRangeProblems = (value: number, low: number, high: number): string[] =>
  Number.isInteger(value) && value >= low && value <= high
    ? []
    : [`must be between ${low} and ${high}, inclusive`];

/** A port number. */
export const portNumberProblems = (value: number): string[] => inRangeProblems(value, 1, 65535);

const percent = '[0-9]+%';
export const percentProblems = rule(
  percent,
  regexHint(
    "a valid percent string must be a numeric string followed by an ending '%'",
    percent,
    '1%',
    '93%',
  ),
);
