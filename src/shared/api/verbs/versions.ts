import { ApiError } from '../../errors/apiError.ts';
import { badRequest, invalid } from '../../errors/common.ts';
import { type Context, storedResource } from '../context.ts';

/** What a list or watch asks of resourceVersion. */
export interface VersionWish {
  /** Empty when unset; `0` means any. */
  revision: string;
  match: '' | 'Exact' | 'NotOlderThan';
}

/** Checks the query's resourceVersion and resourceVersionMatch in the words of a real server. */
export function versionWish({ query }: Context): VersionWish {
  const revision = query.get('resourceVersion') ?? '';
  const match = (query.get('resourceVersionMatch') ?? '') as VersionWish['match'];
  if (revision && !/^\d+$/.test(revision))
    throw invalid('ListOptions', 'meta.k8s.io', '', [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(revision)}: strconv.ParseUint: parsing ${JSON.stringify(revision)}: invalid syntax`,
        field: 'resourceVersion',
      },
    ]);
  return { revision, match };
}

const forbidden = (message: string) =>
  invalid('ListOptions', 'meta.k8s.io', '', [
    { reason: 'FieldValueForbidden', message: `Forbidden: ${message}`, field: 'resourceVersionMatch' },
  ]);

export function checkListWish({ revision, match }: VersionWish, continuing: boolean): void {
  if (continuing && match) throw forbidden('resourceVersionMatch is forbidden when continue is provided');
  if (continuing && revision && revision !== '0')
    throw badRequest('specifying resource version is not allowed when using continue');
  if (!match) return;
  if (!revision) throw forbidden('resourceVersionMatch is forbidden unless resourceVersion is provided');
  if (match !== 'Exact' && match !== 'NotOlderThan')
    throw invalid('ListOptions', 'meta.k8s.io', '', [
      {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`,
        field: 'resourceVersionMatch',
      },
    ]);
  if (match === 'Exact' && revision === '0')
    throw forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
}

export function checkWatchWish({ match }: VersionWish, initialEvents: string | null): void {
  if (initialEvents === null && match)
    throw forbidden('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  if (initialEvents !== null && match !== 'NotOlderThan')
    throw forbidden('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
}

/** A revision that has not come yet is waited for, then refused, as a real server does. */
export async function waitForRevision(ctx: Context, revision: string): Promise<void> {
  const { storage, clock } = ctx.deps;
  const head = () => storage.head(ctx.cluster, storedResource(ctx.kind));
  const waits = [100, 400, 1000, 1500];
  for (const ms of [0, ...waits]) {
    if (ms) await clock.sleep(ms, ctx.request.signal);
    const newest = await head();
    if (BigInt(revision) <= BigInt(newest)) return;
    if (ms === waits.at(-1))
      throw new ApiError('Timeout', `Timeout: Too large resource version: ${revision}, current: ${newest}`, {
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
      });
  }
}
