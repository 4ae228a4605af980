import type { Cause } from '../../errors/apiError.ts';
import { badRequest, invalid } from '../../errors/common.ts';
import { goSchema } from '../../kinds/schema/goSchema.ts';
import type { DeleteOptions } from '../../kinds/schema/types.ts';
import { exactInteger } from '../../meta/integers.ts';
import type { Call } from '../request.ts';
import { readBody } from './body.ts';
import { decodeBody, type Elsewhere } from './decode.ts';
import { dryRunCauses, notSupported } from './options.ts';

const policies = ['Foreground', 'Background', 'Orphan'];

/**
 * Options of a DELETE: from the body, which need not say its kind, or else from the query. Throws Invalid, BadRequest.
 */
export async function deleteOptions({
  deps,
  request,
  query,
}: Call): Promise<DeleteOptions & { isDryRun: boolean }> {
  const body = await readBody(request);
  const options = body.length ? await fromBody(body, request.header('content-type'), deps) : fromQuery(query);
  return checkedOptions(options, query.all('dryRun'));
}

/** `dryRun`: what stands in the query besides. Throws Invalid. */
export function checkedOptions(
  options: DeleteOptions,
  dryRunInQuery: string[],
): DeleteOptions & { isDryRun: boolean } {
  const dryRun = [...(options.dryRun ?? []), ...dryRunInQuery.filter(Boolean)];
  const causes: Cause[] = dryRunCauses(dryRun);
  if (options.orphanDependents !== undefined && options.propagationPolicy !== undefined)
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(options.propagationPolicy)}: orphanDependents and deletionPropagation cannot be both set`,
      field: 'propagationPolicy',
    });
  if (options.propagationPolicy !== undefined && !policies.includes(options.propagationPolicy))
    causes.push(notSupported('propagationPolicy', options.propagationPolicy, [...policies, 'nil']));
  if (causes.length) throw invalid('DeleteOptions', 'meta.k8s.io', '', causes);
  return { ...options, isDryRun: dryRun.length > 0 };
}

async function fromBody(
  body: Uint8Array,
  contentType: string | undefined,
  elsewhere: Elsewhere,
): Promise<DeleteOptions> {
  const expected = {
    group: '',
    version: 'v1',
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    schema: goSchema('DeleteOptions'),
    anyGroup: true as const,
  };
  try {
    return (await decodeBody(body, contentType, expected, elsewhere)).object as unknown as DeleteOptions;
  } catch (error) {
    // What is wrong with them is said as it is.
    const why = /^DeleteOptions in version "v1" cannot be handled as a DeleteOptions: (json: .*)$/s.exec(
      (error as Error).message,
    )?.[1];
    throw why === undefined ? error : badRequest(why);
  }
}

function fromQuery(query: Call['query']): DeleteOptions {
  const grace = query.get('gracePeriodSeconds');
  const propagationPolicy = query.get('propagationPolicy');
  const orphan = query.get('orphanDependents');
  return {
    ...(grace && { gracePeriodSeconds: int64(grace) }),
    ...(propagationPolicy && { propagationPolicy }),
    ...(orphan !== undefined && { orphanDependents: orphan === 'true' }),
  };
}

/** Throws BadRequest in the words of Go. A bigint, under the type of a number, where no number holds it. */
function int64(text: string): number {
  const wrong = (why: string) => badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[+-]?\d+$/.test(text)) throw wrong('invalid syntax');
  const exact = BigInt(text.replace('+', ''));
  if (exact !== BigInt.asIntN(64, exact)) throw wrong('value out of range');
  return exactInteger(exact);
}
