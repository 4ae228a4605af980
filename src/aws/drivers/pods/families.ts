/** The family in an ARN of a task definition, `…:task-definition/shallop-dev-<hash>:1`. */
export const familyOf = (arn: string): string => arn.slice(arn.indexOf('/') + 1).split(':')[0] ?? '';

/** Returns whether a family is of the deployment, and not of one whose name begins alike: `dev-2`. */
export function isFamilyOf(deployment: string, family: string): boolean {
  const prefix = `shallop-${deployment}-`;
  return family.startsWith(prefix) && !family.slice(prefix.length).includes('-');
}
