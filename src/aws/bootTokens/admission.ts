import type { Admission, AdmissionPlugin } from '../../shared/admission/plugin.ts';
import { refused } from '../../shared/admission/refuse.ts';
import { notFound } from '../../shared/errors/common.ts';
import type { Pod, TokenRequest } from '../../shared/kinds/schema/types.ts';
import { bootAudience } from '../../shared/ports/accountTokens.ts';
import type { Storage } from '../../shared/ports/storage.ts';
import { bootedAccount, bootedPod } from './user.ts';

/**
 * Judges what is asked for with a boot token, as NodeRestriction judges what a kubelet asks for, in its words: a token of a
 * Pod that is there and runs as the account, for an audience that one of the Pod's volumes names. Nobody else gets a boot
 * token.
 */
export const bootTokenRestriction = ({ storage }: { storage: Pick<Storage, 'get'> }): AdmissionPlugin => ({
  name: 'BootTokenRestriction',
  resources: ['serviceaccounts/token'],
  operations: ['CREATE'],
  validate: async (admission) => {
    const { audiences = [], boundObjectRef: ref } = (admission.object as unknown as TokenRequest).spec ?? {};
    const account = bootedAccount(admission.user);
    if (!account) {
      if (audiences?.includes(bootAudience))
        throw refusal(admission, `audience ${quoted(bootAudience)} is reserved`);
      return;
    }
    if (ref?.apiVersion !== 'v1' || ref.kind !== 'Pod' || !ref.name)
      throw refusal(admission, 'boot token requested token not bound to a pod');
    if (!ref.uid) throw refusal(admission, 'boot token requested token with a pod binding without a uid');
    checkPod(admission, await podAt(storage, admission, ref.name), ref.uid);
    const bound = bootedPod(admission.user);
    if (bound && bound.uid !== ref.uid)
      throw refusal(admission, 'boot token requested token bound to a different pod');
  },
});

async function podAt(storage: Pick<Storage, 'get'>, admission: Admission, name: string): Promise<Pod> {
  const { cluster, namespace } = admission;
  const found = await storage.get({ cluster, resource: 'pods', namespace, name });
  if (!found) throw notFound({ group: '', plural: 'pods', name });
  return JSON.parse(Buffer.from(found.value).toString());
}

function checkPod(admission: Admission, { metadata, spec }: Pod, uid: string): void {
  if (metadata.uid !== uid)
    throw refusal(
      admission,
      `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
    );
  if ((spec?.serviceAccountName || 'default') !== admission.name)
    throw refusal(admission, 'boot token requested token bound to a pod of a different service account');
  const [audience = '', ...others] = (admission.object as unknown as TokenRequest).spec.audiences ?? [];
  if (others.length > 0) throw refusal(admission, 'boot token may only request 0 or 1 audiences');
  const named = (spec?.volumes ?? []).flatMap(({ projected }) =>
    (projected?.sources ?? []).flatMap(({ serviceAccountToken: token }) =>
      token ? [token.audience ?? ''] : [],
    ),
  );
  if (audience !== bootAudience && !named.includes(audience))
    throw refusal(admission, `audience ${quoted(audience)} not found in pod spec volume`);
}

const refusal = ({ kind, name }: Admission, why: string) => refused(kind, name, why);
const quoted = (text: string) => JSON.stringify(text);
