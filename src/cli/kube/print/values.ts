import { stringify } from 'yaml';
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
  }).trimEnd();
