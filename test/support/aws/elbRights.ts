import { tags } from '../../../src/aws/drivers/tags.ts';

type Tagged = { Key: string; Value: string }[];
type Input = Record<string, unknown>;

const making = /^Create(LoadBalancer|TargetGroup|Listener|Rule|SecurityGroup)$/;
const changing = /^(Add|Remove|Modify|Set|Register|Deregister|Delete|Authorize|Revoke)/;

/**
 * What IAM asks by the deployment's permissions, of which all are about tags: what is made gets the deployment's, what
 * is changed has it. `tagsOf`: of a resource by its ARN or id; undefined when there is none.
 */
export function isAllowed(
  call: string,
  input: Input,
  tagsOf: (resource: string) => Record<string, string> | undefined,
): boolean {
  if (making.test(call)) {
    const specifications = input.TagSpecifications as { Tags: Tagged }[] | undefined;
    const given = (input.Tags as Tagged | undefined) ?? specifications?.flatMap(({ Tags }) => Tags) ?? [];
    return given.some(({ Key }) => Key === tags.deployment);
  }
  if (!changing.test(call)) return true;
  return resourcesOf(input).every((resource) => {
    const found = tagsOf(resource);
    return !found || tags.deployment in found;
  });
}

/** A request names the narrowest thing that it is about; a listener has the load balancer's ARN beside its own. */
function resourcesOf({
  ResourceArns,
  RuleArn,
  ListenerArn,
  TargetGroupArn,
  GroupId,
  ...input
}: Input): string[] {
  const one = RuleArn ?? ListenerArn ?? TargetGroupArn ?? GroupId ?? input.LoadBalancerArn;
  return (ResourceArns as string[] | undefined) ?? [one as string];
}
