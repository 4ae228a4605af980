import {
  dns1035LabelProblems,
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  labelValueProblems,
  type Problems,
  qualifiedNameProblems,
} from '../../../meta/names.ts';
import { table } from '../../../meta/table.ts';
import { listOf, objectType, optionalOf, stringType } from '../../types/type.ts';
import { ArrayList } from '../../values/list.ts';
import { parseTimestamp } from '../../values/timestamp.ts';
import { type Failure, noSuchOverload, Opaque, Optional, type Value } from '../../values/value.ts';
import { declare, method, plain } from '../declare.ts';
import { parseRequestUrl } from './url.ts';

export const formatType = objectType('kubernetes.NamedFormat');

class Format extends Opaque {
  override readonly typeName = 'kubernetes.NamedFormat';
  readonly name: string;
  readonly problems: Problems;
  /** Is what the cost of a check is reckoned by. */
  readonly maxPatternSize: number;
  constructor(name: string, problems: Problems, maxPatternSize: number) {
    super();
    this.name = name;
    this.problems = problems;
    this.maxPatternSize = maxPatternSize;
  }
  override equals(other: Value): boolean | Failure {
    return other instanceof Format ? this.name === other.name : noSuchOverload();
  }
  override toString(): string {
    return this.name;
  }
}

/** The last character of a prefix of a generated name may be a dash, since more follows. */
const prefix =
  (problems: Problems): Problems =>
  (value) =>
    problems(value.length > 1 && value.endsWith('-') ? `${value.slice(0, -2)}a` : value);

const when =
  (valid: (value: string) => boolean, problem: string): Problems =>
  (value) =>
    valid(value) ? [] : [problem];

const isBase64 = (text: string): boolean =>
  text !== '' && /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);

const uuid = /^(?:[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})$/i;
const isDate = (value: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(value) && parseTimestamp(`${value}T00:00:00Z`) !== undefined;

function uriProblems(value: string): string[] {
  const url = parseRequestUrl(value);
  return 'problem' in url ? [url.problem] : [];
}

const formats: Record<string, Format> = table({
  dns1123Label: new Format('DNS1123Label', dns1123LabelProblems, 30),
  dns1123Subdomain: new Format('DNS1123Subdomain', dns1123SubdomainProblems, 60),
  dns1035Label: new Format('DNS1035Label', dns1035LabelProblems, 30),
  qualifiedName: new Format('QualifiedName', qualifiedNameProblems, 60),
  dns1123LabelPrefix: new Format('DNS1123LabelPrefix', prefix(dns1123LabelProblems), 30),
  dns1123SubdomainPrefix: new Format('DNS1123SubdomainPrefix', prefix(dns1123SubdomainProblems), 60),
  dns1035LabelPrefix: new Format('DNS1035LabelPrefix', prefix(dns1035LabelProblems), 30),
  labelValue: new Format('LabelValue', labelValueProblems, 40),
  uri: new Format('URI', uriProblems, 1103),
  uuid: new Format(
    'uuid',
    when((value) => uuid.test(value), 'does not match the UUID format'),
    72,
  ),
  byte: new Format('byte', when(isBase64, 'invalid base64'), 84),
  date: new Format('date', when(isDate, 'invalid date'), 72),
  datetime: new Format(
    'datetime',
    when((value) => parseTimestamp(value) !== undefined, 'invalid datetime'),
    72,
  ),
});

/** Named formats: `format.dns1123Label().validate(x)` lists what is wrong with x, and is empty when nothing is. */
export const namedFormats = [
  ...Object.entries(formats).map(([name, format]) =>
    declare(
      `format.${name}`,
      plain(`format.${name}`, [], formatType, () => format),
    ),
  ),
  declare(
    'format.named',
    plain('format-named', [stringType], optionalOf(formatType), ([name]) =>
      Object.hasOwn(formats, name as string) ? new Optional(formats[name as string]!) : Optional.none,
    ),
  ),
  declare(
    'validate',
    method('format-validate', [formatType, stringType], optionalOf(listOf(stringType)), ([format, text]) => {
      const problems = (format as Format).problems(text as string);
      return problems.length === 0 ? Optional.none : new Optional(new ArrayList(problems));
    }),
  ),
];
