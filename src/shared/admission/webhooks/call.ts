import type { Ids } from '../../clock/ids.ts';
import { badRequest } from '../../errors/common.ts';
import type { AdmissionResponse } from '../../kinds/schema/types.ts';
import { qualifiedNameProblems } from '../../meta/names.ts';
import { CallFailed, type Webhooks } from '../../ports/webhooks.ts';
import { reviewIn } from '../../webhooks/review.ts';
import type { Admission } from '../plugin.ts';
import { requestOf } from '../policy/request.ts';
import type { Subject } from '../subject.ts';
import type { Hook } from './hooks.ts';
import { rejection } from './rejection.ts';

/** A webhook could not be called, or what it answered cannot be used: its failure policy decides what follows. */
export class CallingFailed extends Error {
  constructor(webhook: string, why: string) {
    super(`failed calling webhook ${JSON.stringify(webhook)}: ${why}`);
  }
}

export interface Means {
  webhooks: Webhooks;
  ids: Ids;
}

/** An answer is a decision and at most a patch of one object. */
const mostBytes = 4 * 1024 * 1024;
const group = 'admission.k8s.io';

/**
 * Asks a webhook; passes its warnings and annotations on.
 * @returns the answer, which allows the request.
 * @throws CallingFailed; an ApiError when the webhook refuses the request, or may not be asked in a dry run.
 */
export async function askWebhook(
  { webhooks, ids }: Means,
  { webhook }: Hook,
  admission: Admission,
  subject: Subject,
  isMutating: boolean,
): Promise<AdmissionResponse> {
  const { name, sideEffects, clientConfig, timeoutSeconds = 10, admissionReviewVersions } = webhook;
  const failed = (why: string) => new CallingFailed(name, why);
  if (admission.dryRun) {
    if (!sideEffects) throw failed('Webhook SideEffects is nil');
    if (sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun')
      throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  }
  const version = admissionReviewVersions.find((each) => each === 'v1' || each === 'v1beta1');
  if (!version)
    throw failed(
      'could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)',
    );
  const uid = ids.uid();
  const request = {
    ...requestOf(admission, subject.place),
    uid,
    object: subject.object ?? null,
    oldObject: subject.old ?? null,
  };
  const body = JSON.stringify({ kind: 'AdmissionReview', apiVersion: `${group}/${version}`, request });
  const { cluster, signal } = admission;
  let review: ReturnType<typeof reviewIn<AdmissionResponse>>;
  try {
    const answer = await webhooks.post({
      cluster,
      address: clientConfig,
      body,
      timeoutSeconds,
      mostBytes,
      signal,
    });
    review = reviewIn<AdmissionResponse>(answer, 'AdmissionReview', `${group}/${version}`);
  } catch (error) {
    const { message } = error as Error;
    const isUnusable = error instanceof CallFailed && error.isUnusable;
    throw failed(isUnusable ? `could not get REST client: ${message}` : `failed to call webhook: ${message}`);
  }
  const { response } = review;
  const why = problemOf(review, uid, version, isMutating);
  if (why || !response) throw failed(`received invalid webhook response: ${why}`);
  for (const [key, value] of Object.entries(response.auditAnnotations ?? {}))
    if (qualifiedNameProblems(`${name}/${key}`).length === 0) admission.annotate(`${name}/${key}`, value);
  for (const text of response.warnings ?? []) admission.warn(text);
  if (!response.allowed) throw rejection(name, response.status);
  return response;
}

/** Returns what makes an answer unusable. Of v1beta1 less was ever asked. */
function problemOf(
  { response, apiVersion, kind }: ReturnType<typeof reviewIn<AdmissionResponse>>,
  uid: string,
  version: string,
  isMutating: boolean,
): string | undefined {
  if (!response) return 'webhook response was absent';
  if (version !== 'v1') return undefined;
  if (response.uid !== uid)
    return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid)}`;
  if (apiVersion !== `${group}/v1` || kind !== 'AdmissionReview') {
    const [ofGroup, ofVersion] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    return `expected webhook response of ${group}/v1, Kind=AdmissionReview, got ${ofGroup}/${ofVersion}, Kind=${kind}`;
  }
  const { patch, patchType } = response;
  if (!isMutating) {
    if (patch) return 'validating webhook may not return response.patch';
    return patchType === undefined ? undefined : 'validating webhook may not return response.patchType';
  }
  if (patch && patchType === undefined) return 'webhook returned response.patch but not response.patchType';
  if (!patch && patchType !== undefined) return 'webhook returned response.patchType but not response.patch';
  return patchType === '' ? 'webhook returned invalid response.patchType of ""' : undefined;
}
