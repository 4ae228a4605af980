import { parseReference } from '../../../src/local/drivers/images/reference.ts';
import { endpointsOf, openRegistry } from '../../../src/local/drivers/images/registry.ts';
import type { Asked, Check, Finding } from '../check.ts';

/** ECR asks for rights instead of passwords: only tasks can show them. */
const ofEcr = /^\d{12}\.dkr[.-]ecr\./;

/** Whether images can be pulled by everybody, and are for the architecture that Pods run on. */
export const images: Check = {
  name: 'images',
  look: async (asked) => {
    if (!asked.images.length)
      return {
        verdict: 'unknown',
        says: 'none was named',
        remedy: '--image REFERENCE, as often as you like',
      };
    const found = await Promise.all(asked.images.map((image) => findingOf(image, asked)));
    const worst =
      found.find(({ verdict }) => verdict === 'stops') ?? found.find(({ verdict }) => verdict !== 'good');
    return { ...(worst ?? found[0]!), says: found.map(({ says }) => says).join('; ') };
  },
};

async function findingOf(image: string, { architecture }: Pick<Asked, 'architecture'>): Promise<Finding> {
  const reference = parseReference(image);
  if (ofEcr.test(reference.domain))
    return { verdict: 'unknown', says: `${image} is in ECR, where only the roles of tasks tell` };
  const [{ url } = { url: '' }] = endpointsOf(reference.domain, {});
  const { text } = await openRegistry(url, reference).manifest(reference.digest ?? reference.tag ?? 'latest');
  const { manifests } = JSON.parse(String(text)) as {
    manifests?: { platform?: { architecture?: string } }[];
  };
  if (!manifests)
    return { verdict: 'unknown', says: `${image} is for one architecture, which its index does not say` };
  const has = manifests.some(({ platform }) => platform?.architecture === architecture);
  if (has) return { verdict: 'good', says: `${image} can be pulled and is for ${architecture}` };
  return {
    verdict: 'stops',
    says: `${image} is not for ${architecture}`,
    remedy: `build it with --platform linux/${architecture}, or deploy with the other -c architecture`,
  };
}
