import type { Clock } from '../../clock/clock.ts';
import { ApiError, type Cause } from '../../errors/apiError.ts';
import { badRequest, invalid } from '../../errors/common.ts';
import type { Soon } from '../../meta/soon.ts';
import type { Query } from '../http/target.ts';
import { forbiddenField } from '../write/metadata.ts';
import { notSupported } from '../write/options.ts';

/** Holds the parameters of a list or a watch after they have been checked, with defaults in place of absent ones. */
export interface ListOptions {
  /** 0: all. */
  limit: number;
  continue: string;
  /** Empty when not given. */
  resourceVersion: string;
  match: '' | 'Exact' | 'NotOlderThan';
  /** Says whether a watch begins with what there is. */
  sendInitialEvents: boolean;
  bookmarks: boolean;
  timeoutSeconds: number | undefined;
}

const matches = ['Exact', 'NotOlderThan', ''];

/** The parameters of a list or watch, checked as a real server does. Throws BadRequest, Invalid. */
export function listOptions(query: Query, watch: boolean): ListOptions {
  const timeout = query.get('timeoutSeconds');
  const resourceVersion = query.get('resourceVersion') ?? '';
  const sent = query.get('sendInitialEvents') !== undefined;
  const fromNowhere = resourceVersion === '' || resourceVersion === '0';
  const options: ListOptions = {
    limit: integer(query.get('limit')),
    continue: query.get('continue') ?? '',
    resourceVersion,
    match: (query.get('resourceVersionMatch') ?? '') as ListOptions['match'],
    sendInitialEvents: sent ? query.flag('sendInitialEvents') : fromNowhere,
    bookmarks: query.flag('allowWatchBookmarks'),
    timeoutSeconds: timeout === undefined ? undefined : integer(timeout),
  };
  const causes = watch ? watchCauses(options, sent) : listCauses(options, sent);
  if (causes.length) throw invalid('ListOptions', 'meta.k8s.io', '', causes);
  return options;
}

function listCauses({ match, resourceVersion, continue: token }: ListOptions, sent: boolean): Cause[] {
  const field = 'resourceVersionMatch';
  const causes: Cause[] = [];
  if (match) {
    if (!resourceVersion)
      causes.push(
        forbiddenField(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'),
      );
    if (token)
      causes.push(forbiddenField(field, 'resourceVersionMatch is forbidden when continue is provided'));
    if (!matches.includes(match)) causes.push(notSupported(field, match, matches));
    if (match === 'Exact' && resourceVersion === '0')
      causes.push(forbiddenField(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (sent) causes.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  return causes;
}

function watchCauses({ match, continue: token }: ListOptions, sent: boolean): Cause[] {
  const field = 'resourceVersionMatch';
  const causes: Cause[] = [];
  const forbid = (why: string) => causes.push(forbiddenField(field, why));
  if (sent && match !== 'NotOlderThan')
    forbid('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  if (match && !sent)
    forbid('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  if (match && match !== 'NotOlderThan') causes.push(notSupported(field, match, ['NotOlderThan']));
  if (token) forbid('resourceVersionMatch is forbidden when continue is provided');
  return causes;
}

function integer(text: string | undefined): number {
  if (text === undefined) return 0;
  if (!/^[+-]?\d+$/.test(text))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Math.max(0, Number(text));
}

/** Throws BadRequest (list) for what is no resource version. */
export function checkRevision(text: string): number {
  if (text === '') return 0;
  if (/^\d{1,16}$/.test(text)) return Number(text);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

const patience = 3_000;
const step = 100;

/** Waits until the resource has reached `wanted`; throws Timeout after three seconds. */
export async function reach(wanted: number, head: () => Soon<string>, clock: Clock, signal: AbortSignal) {
  for (let waited = 0; ; waited += step) {
    const current = await head();
    if (Number(current) >= wanted) return;
    if (waited >= patience || signal.aborted)
      throw new ApiError('Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
      });
    await clock.sleep(step, signal);
  }
}
