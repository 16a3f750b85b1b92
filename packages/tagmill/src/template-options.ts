import { type StackOptions, stackOptionFields } from '@tagmill/cdk/options';
import { TagmillError } from '@tagmill/core';
import { localStackOptions } from '../../cli/src/stack/local-options.ts';

export interface FunctionResource {
  Type: 'AWS::Lambda::Function';
  Properties: { Code: { S3Key: string }; Environment: { Variables: Record<string, unknown> } };
}

export interface Template {
  Resources: Record<string, FunctionResource | { Type: string; Properties: unknown }>;
}

/** Options that the template has only in the environment of the function that tags. */
const VARIABLES = {
  latencyBudgetMs: 'LATENCY_BUDGET_MS',
  topN: 'TOP_N',
  minConfidence: 'MIN_CONFIDENCE',
  maxBytes: 'MAX_BYTES',
  maxPixels: 'MAX_PIXELS',
} as const satisfies Partial<Record<keyof StackOptions, string>>;

/** That the package's template was synthesized with: those of `tagmill up` without any. */
export const PRESET_OPTIONS: StackOptions = localStackOptions({});

const CHOSEN = [...Object.keys(VARIABLES), 'family', 'variant'];

/**
 * Puts options into the template that was synthesized with {@link PRESET_OPTIONS}.
 *
 * @returns what synthesizing with these options would give.
 * @throws {TagmillError} `invalid-argument` if an option would change more of the template.
 */
export function withOptions(template: Template, options: StackOptions): Template {
  assertCanBeChosen(options);
  const { family, variant } = options;
  const Resources = Object.entries(template.Resources).map(([id, resource]) => {
    if (!isFunction(resource, 'tag-images')) return [id, resource];
    const { FAMILY, ...others } = resource.Properties.Environment.Variables;
    const chosen = Object.entries(VARIABLES).map(([name, variable]) => [
      variable,
      String(options[name as keyof typeof VARIABLES]),
    ]);
    const Variables = {
      ...others,
      ...(variant === undefined ? { FAMILY: family } : { VARIANT: variant }),
      ...Object.fromEntries(chosen),
    };
    return [id, { ...resource, Properties: { ...resource.Properties, Environment: { Variables } } }];
  });
  return { ...template, Resources: Object.fromEntries(Resources) };
}

/** Whether a resource is the function of that name. */
export function isFunction(resource: Template['Resources'][string], name: string): resource is FunctionResource {
  if (resource.Type !== 'AWS::Lambda::Function') return false;
  const { Variables } = (resource as FunctionResource).Properties.Environment;
  return Variables.POWERTOOLS_SERVICE_NAME === name;
}

function assertCanBeChosen(options: StackOptions): void {
  const names = Object.keys(stackOptionFields.shape) as (keyof StackOptions)[];
  const others = names
    .filter((name) => !CHOSEN.includes(name))
    .filter((name) => JSON.stringify(options[name]) !== JSON.stringify(PRESET_OPTIONS[name]));
  if (others.length === 0) return;
  throw new TagmillError(
    'invalid-argument',
    `up: ${others.join(', ')} would need another template, and this package has one. Here can be chosen: ${CHOSEN.join(', ')}. For all options clone the repository, run npm ci there, then npx tagmill up`,
  );
}
