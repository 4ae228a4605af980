import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** Reads outputs of stacks. A module of its own, loaded when it is asked for, which imports of the SDK what it uses. */
export function openStacks(place: { region: string; profile?: string }) {
  const client = new CloudFormationClient(place);
  return {
    async outputs(StackName: string): Promise<Map<string | undefined, string | undefined>> {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
      return new Map(Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    },
    close: () => client.destroy(),
  };
}
