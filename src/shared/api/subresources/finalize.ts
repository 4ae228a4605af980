import { badRequest } from '../../errors/common.ts';
import type { AnyObject } from '../../meta/object.ts';
import { applyPatch } from '../../patch/index.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondOutcome } from '../http/object.ts';
import type { Call } from '../request.ts';
import { readPatch, retried } from '../verbs/patch.ts';
import { checkName } from '../verbs/update.ts';
import { readBody } from '../write/body.ts';
import { decodeBody } from '../write/decode.ts';
import { writeOptions } from '../write/options.ts';

type Finalized = AnyObject & { spec?: { finalizers?: string[] } };

/** PUT or PATCH of a Namespace's spec.finalizers; with the last one a namespace under deletion is gone. */
export async function finalize(call: Call): Promise<ApiResponse> {
  const { dryRun } = writeOptions(call.query, 'UpdateOptions');
  const wanted = call.request.method === 'PATCH' ? await fromPatch(call) : await fromBody(call);
  const apply = (old: AnyObject): AnyObject => {
    const { spec, metadata } = wanted(old) as Finalized;
    return {
      ...old,
      metadata: { ...old.metadata, resourceVersion: metadata.resourceVersion },
      spec: spec?.finalizers?.length ? { finalizers: spec.finalizers } : {},
    };
  };
  const warnings: string[] = [];
  const details = { subresource: 'finalize' };
  return respondOutcome(
    call,
    await retried(call, apply, 'internal', dryRun, warnings, details),
    200,
    warnings,
  );
}

async function fromBody({ deps, served, request, name }: Call) {
  const expected = { ...served.kind, apiVersion: served.apiVersion };
  const { object } = await decodeBody(
    await readBody(request),
    request.header('content-type'),
    expected,
    deps,
  );
  checkName(name, object.metadata?.name);
  return () => object;
}

async function fromPatch(call: Call) {
  const { type, body } = await readPatch(call);
  return (old: AnyObject) => {
    const object = applyPatch(type, old, body, call.served.kind.schema.goType) as Finalized;
    const { finalizers = [] } = object.spec ?? {};
    if (!Array.isArray(finalizers) || finalizers.some((f) => typeof f !== 'string'))
      throw badRequest('spec.finalizers must be a list of strings');
    return object;
  };
}
