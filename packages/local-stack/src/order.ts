import { LocalStackError } from './errors.ts';
import { referencesOf } from './intrinsics.ts';
import type { TemplateResource } from './template.ts';

/**
 * The order in which resources can be made: each after all that it names or depends on.
 *
 * @throws {LocalStackError} `invalid-argument` if some wait for each other.
 */
export function creationOrder(resources: Readonly<Record<string, TemplateResource>>): string[] {
  const order: string[] = [];
  const visit = (id: string, path: readonly string[]) => {
    if (order.includes(id)) return;
    if (path.includes(id)) {
      throw new LocalStackError('invalid-argument', `Resources wait for each other: ${[...path, id].join(' -> ')}`);
    }
    const { Properties, DependsOn } = resources[id]!;
    for (const name of [...DependsOn, ...referencesOf(Properties)]) {
      if (Object.hasOwn(resources, name)) visit(name, [...path, id]);
    }
    order.push(id);
  };
  for (const id of Object.keys(resources)) visit(id, []);
  return order;
}
