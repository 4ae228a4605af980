import { isReason } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import { toStatus } from '../../errors/status.ts';
import { copyOf } from '../../meta/copy.ts';
import type { Stored } from '../../ports/storage.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondOutcome } from '../http/object.ts';
import type { Call } from '../request.ts';
import { missing } from '../served.ts';
import { readBody } from '../write/body.ts';
import { type ChangeDetails, change, type Part, type Section } from '../write/change.ts';
import { checkMayCreate, checkNamespace, createObject } from '../write/create.ts';
import { decodeBody, settleProblems } from '../write/decode.ts';
import { writeOptions } from '../write/options.ts';
import type { Outcome } from '../write/sequence.ts';
import { carrying } from '../write/warn.ts';

/** PUT of an object or of a part of it. */
export const update =
  (part: Part, section?: Section) =>
  async (call: Call): Promise<ApiResponse> => {
    const read = await readUpdate(call);
    return replaced(call, read, part, { section }).catch((error: unknown) => {
      throw carrying(error, read.warnings);
    });
  };

type Read = Awaited<ReturnType<typeof readUpdate>>;

async function replaced(
  call: Call,
  { dryRun, object: wanted, warnings }: Read,
  part: Part,
  details: ChangeDetails,
): Promise<ApiResponse> {
  const { deps, served, cluster, namespace, name } = call;
  const { resourceVersion } = wanted.metadata;
  const key = served.key(cluster, namespace, name);
  const seen = resourceVersion && !dryRun ? deps.storage.seen?.(key, resourceVersion) : undefined;
  if (seen) {
    const outcome = await ifStillSo(call, seen, async () => {
      const old = served.parse(seen);
      return change(call, seen, old, copyOf(wanted), part, dryRun, warnings, details);
    });
    if (outcome) return respondOutcome(call, outcome, 200, warnings);
  }
  for (let attempt = 1; ; attempt++) {
    const stored = await deps.storage.get(key);
    if (!stored) {
      if (part !== 'main' || !served.kind.createsOnUpdate) throw missing(served, name);
      await checkMayCreate(call);
      return respondOutcome(call, await createObject(call, wanted, dryRun, warnings), 201, warnings);
    }
    try {
      const copy = attempt < attempts && !resourceVersion ? copyOf(wanted) : wanted;
      const old = served.parse(stored);
      const outcome = await change(call, stored, old, copy, part, dryRun, warnings, details);
      return respondOutcome(call, outcome, 200, warnings);
    } catch (error) {
      // Without a resourceVersion a PUT replaces whatever is there.
      if (resourceVersion || attempt >= attempts || !isReason(error, 'Conflict')) throw error;
      if (wanted.metadata.uid && wanted.metadata.uid !== served.parse(stored).metadata.uid) throw error;
    }
  }
}

const attempts = 5;

/**
 * Makes a change of a state that was `seen` before, without a read: a write happens only where it is still the newest. What
 * comes of it otherwise, nothing to write or a refusal, counts if a read says that it is. Undefined: it is no longer so.
 */
async function ifStillSo(
  { deps }: Call,
  seen: Stored,
  run: () => Promise<Outcome>,
): Promise<Outcome | undefined> {
  const isStillSo = async () => (await deps.storage.get(seen.key))?.revision === seen.revision;
  try {
    const outcome = await run();
    return outcome !== seen || (await isStillSo()) ? outcome : undefined;
  } catch (error) {
    // It says which revision it replaces, and a newer one will not suit it either. Where nobody knows whether it was
    // written, that another state is there now may be its own doing.
    if (isReason(error, 'Conflict') || toStatus(error).code >= 500 || (await isStillSo())) throw error;
    return undefined;
  }
}

/** The body of a PUT, checked against its path. Throws BadRequest, Invalid. */
async function readUpdate({ deps, served, request, query, namespace, name }: Call) {
  const options = writeOptions(query, 'UpdateOptions');
  const expected = { ...served.kind, apiVersion: served.apiVersion };
  const { object, problems } = await decodeBody(
    await readBody(request),
    request.header('content-type'),
    expected,
    deps,
  );
  const warnings = settleProblems(problems, options.fieldValidation, expected);
  object.metadata ??= {};
  checkNamespace(served.kind.namespaced, namespace, object.metadata.namespace);
  checkName(name, object.metadata.name);
  return { dryRun: options.dryRun, object, warnings };
}

/** Throws BadRequest when an object says another name than its path. */
export function checkName(ofPath: string, ofObject: string | undefined): void {
  if (!ofObject)
    throw badRequest(
      `the name of the object (${ofPath} based on URL) was undeterminable: name must be provided`,
    );
  if (ofObject !== ofPath)
    throw badRequest(`the name of the object (${ofObject}) does not match the name on the URL (${ofPath})`);
}
