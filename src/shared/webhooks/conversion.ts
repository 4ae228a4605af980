import type { Ids } from '../clock/ids.ts';
import type { WebhookConversion } from '../kinds/schema/types.ts';
import type { AnyObject } from '../meta/object.ts';
import type { Webhooks } from '../ports/webhooks.ts';
import { reviewIn } from './review.ts';

interface ConversionResponse {
  uid: string;
  convertedObjects: AnyObject[];
  result: { status?: string; message?: string };
}

const group = 'apiextensions.k8s.io';
/** As long as a real server's client waits, unless its caller is sooner. */
const timeoutSeconds = 30;
/** A conversion may add fields, not blow objects up. */
const mostBytesFor = (sent: number): number => 1024 * 1024 + 4 * sent;

/** Asks conversion webhooks of definitions. Rejects with an Error in the words of a real server. */
export const conversions =
  ({ webhooks, ids }: { webhooks: Webhooks; ids: Ids }) =>
  async (
    cluster: string,
    { clientConfig, conversionReviewVersions }: WebhookConversion,
    desiredAPIVersion: string,
    objects: AnyObject[],
  ): Promise<AnyObject[]> => {
    const version = conversionReviewVersions.find((each) => each === 'v1' || each === 'v1beta1');
    if (!version) throw new Error('no supported conversion review versions');
    const uid = ids.uid();
    const apiVersion = `${group}/${version}`;
    const body = JSON.stringify({
      kind: 'ConversionReview',
      apiVersion,
      request: { uid, desiredAPIVersion, objects },
    });
    const answer = await webhooks.post({
      cluster,
      address: clientConfig ?? {},
      body,
      timeoutSeconds,
      mostBytes: mostBytesFor(body.length),
    });
    const review = reviewIn<ConversionResponse>(answer, 'ConversionReview', apiVersion);
    const { response } = review;
    if (version === 'v1' && (review.apiVersion !== apiVersion || review.kind !== 'ConversionReview')) {
      const [ofGroup, ofVersion] = review.apiVersion.includes('/')
        ? review.apiVersion.split('/')
        : ['', review.apiVersion];
      throw new Error(
        `expected webhook response of ${apiVersion}, Kind=ConversionReview, got ${ofGroup}/${ofVersion}, Kind=${review.kind}`,
      );
    }
    if (!response) throw new Error('no response provided');
    if (version === 'v1' && response.uid !== uid)
      throw new Error(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid)}`);
    const { status = '', message } = response.result;
    if (status !== 'Success')
      throw new Error(message || `response.result.status was '${status}', not 'Success'`);
    return response.convertedObjects;
  };
