/** A name as Kubernetes takes it for a Deployment and a Service: `@me/My_App` is `my-app`. */
export function labelOf(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '');
  return label || 'app';
}
