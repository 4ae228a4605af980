import { Scalar, type ScalarTag, stringify } from 'yaml';
import { escapeHtml, sorted } from '../../../shared/kinds/printing/json.ts';

/** As kubectl's `-o json`: keys sorted, four spaces. */
export const jsonText = (value: unknown): string => escapeHtml(JSON.stringify(sorted(value), undefined, 4));

/** As kubectl's `-o yaml`: keys sorted, lists not indented, long text as it is. */
export const yamlText = (value: unknown): string =>
  stringify(sorted(value), {
    version: '1.1',
    lineWidth: 0,
    indentSeq: false,
    blockQuote: 'literal',
    aliasDuplicateObjects: false,
    singleQuote: null,
    customTags: (tags) => tags.map((tag) => (isStringTag(tag) ? quotedAsGoDoes(tag) : tag)),
  }).trimEnd();

const isStringTag = (tag: unknown): tag is ScalarTag =>
  typeof tag === 'object' && (tag as ScalarTag).tag === 'tag:yaml.org,2002:str';

/** What cannot stand alone for its signs stands in single quotes; what would be read as something else, in double ones. */
const quotedAsGoDoes = (tag: ScalarTag): ScalarTag => ({
  ...tag,
  stringify: (item, ...rest) => {
    const isMarked = !item.type && typeof item.value === 'string' && marks.test(item.value);
    if (isMarked) item.type = Scalar.QUOTE_SINGLE;
    return tag.stringify!(item, ...rest);
  },
});

const marks = /^(?=[,[\]{}#&*!|>'"%@` ]|[?-]$|[?-] |.*(: | #|[ :]$))[^\p{Cc}]+$/u;
