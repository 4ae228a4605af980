import { boolType, listOf, mapOf, objectType, stringType } from '../../types/type.ts';
import { EntryDict } from '../../values/dict.ts';
import { ArrayList } from '../../values/list.ts';
import { type Failure, fail, noSuchOverload, Opaque, type Outcome, type Value } from '../../values/value.ts';
import { declare, method, plain } from '../declare.ts';
import { escapedPath, type GoUrl, hostnameOf, parameters, parseRequestUrl, portOf } from './url.ts';

export const urlType = objectType('kubernetes.URL');

class UrlValue extends Opaque {
  override readonly typeName = 'kubernetes.URL';
  readonly url: GoUrl;
  constructor(url: GoUrl) {
    super();
    this.url = url;
  }
  override equals(other: Value): boolean | Failure {
    return other instanceof UrlValue ? this.url.text === other.url.text : noSuchOverload();
  }
  override toString(): string {
    return this.url.text;
  }
}

function read([text]: readonly Value[]): Outcome {
  const url = parseRequestUrl(text as string);
  return 'problem' in url
    ? fail(`URL parse error during conversion from string: ${url.problem}`)
    : new UrlValue(url);
}

function query(url: GoUrl): Outcome {
  const dict = new EntryDict();
  for (const [name, values] of parameters(url)) dict.set(name, new ArrayList(values));
  return dict;
}

const parts: readonly [string, string, (url: GoUrl) => string][] = [
  ['getScheme', 'url_get_scheme', ({ scheme }) => scheme],
  ['getHost', 'url_get_host', ({ host }) => host],
  ['getHostname', 'url_get_hostname', hostnameOf],
  ['getPort', 'url_get_port', portOf],
  ['getEscapedPath', 'url_get_escaped_path', escapedPath],
];

export const urls = [
  declare('url', plain('string_to_url', [stringType], urlType, read)),
  declare(
    'isURL',
    plain('is_url_string', [stringType], boolType, (args) => read(args) instanceof UrlValue),
  ),
  ...parts.map(([name, id, part]) =>
    declare(
      name,
      method(id, [urlType], stringType, ([value]) => part((value as UrlValue).url)),
    ),
  ),
  declare(
    'getQuery',
    method('url_get_query', [urlType], mapOf(stringType, listOf(stringType)), ([value]) =>
      query((value as UrlValue).url),
    ),
  ),
];
