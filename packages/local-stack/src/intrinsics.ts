import { LocalStackError } from './errors.ts';

/** What `Ref` and `Fn::GetAtt` give for a resource. */
export interface PhysicalResource {
  type: string;
  /** What `Ref` gives. */
  physicalId: string;
  /** What `Fn::GetAtt` gives. */
  attributes: Readonly<Record<string, string>>;
}

export interface Scope {
  /** Pseudo parameters and parameters' defaults, by name. */
  parameters: ReadonlyMap<string, unknown>;
  /** The resources that are there by now. */
  resources: ReadonlyMap<string, PhysicalResource>;
}

type Resolve = (value: unknown) => unknown;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const FUNCTIONS: Readonly<Record<string, (argument: unknown, scope: Scope, resolve: Resolve) => unknown>> = {
  Ref: (name, scope) => lookUp(String(name), scope),
  'Fn::GetAtt': (argument, scope) => {
    const [id, attribute] = Array.isArray(argument) ? argument : String(argument).split(/\.(.*)/s);
    return attributeOf(String(id), String(attribute), scope);
  },
  'Fn::Join': (argument, _, resolve) => {
    const [separator, parts] = argument as [string, unknown];
    return (resolve(parts) as unknown[]).map(String).join(separator);
  },
  'Fn::Select': (argument, _, resolve) => {
    const [index, list] = argument as [unknown, unknown];
    return (resolve(list) as unknown[])[Number(resolve(index))];
  },
  'Fn::Split': (argument, _, resolve) => {
    const [separator, text] = argument as [string, unknown];
    return String(resolve(text)).split(separator);
  },
  'Fn::Sub': (argument, scope, resolve) => {
    const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [
      string,
      Record<string, unknown>,
    ];
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (Object.hasOwn(variables, name)) return String(resolve(variables[name]));
      const [id, attribute] = name.split(/\.(.*)/s) as [string, string | undefined];
      return String(attribute === undefined ? lookUp(id, scope) : attributeOf(id, attribute, scope));
    });
  },
};

/**
 * Computes a value of a template.
 *
 * @throws {LocalStackError} `unsupported-resource` for an intrinsic function that isn't known here, `not-found` for a name that
 * isn't there, `invalid-argument` for what no function takes.
 *
 * @example
 * resolveIntrinsics({ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, scope) // 'a-us-east-1'
 */
export function resolveIntrinsics(value: unknown, scope: Scope): unknown {
  const resolve: Resolve = (inner) => resolveIntrinsics(inner, scope);
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const call = callOf(value);
  if (!call) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  try {
    return FUNCTIONS[call.name]!(call.argument, scope, resolve);
  } catch (cause) {
    if (cause instanceof LocalStackError) throw cause;
    throw new LocalStackError('invalid-argument', `The template's ${call.name} is malformed`, { cause });
  }
}

/** The names that a value refers to: of resources and of parameters. */
export function referencesOf(value: unknown): Set<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((inner) => [...referencesOf(inner)]));
  if (typeof value !== 'object' || value === null) return new Set();
  const call = callOf(value);
  if (call?.name === 'Ref') return new Set([String(call.argument)]);
  if (call?.name === 'Fn::GetAtt') {
    return new Set([String(Array.isArray(call.argument) ? call.argument[0] : call.argument).split('.')[0]!]);
  }
  const names = referencesOf(Object.values(value));
  if (call?.name === 'Fn::Sub') {
    const text = String(Array.isArray(call.argument) ? call.argument[0] : call.argument);
    for (const [, name] of text.matchAll(/\$\{([^!}.]+)[^}]*\}/g)) names.add(name!);
  }
  return names;
}

function callOf(value: object): { name: string; argument: unknown } | undefined {
  const [entry, ...more] = Object.entries(value);
  if (!entry || more.length > 0) return undefined;
  const [name, argument] = entry;
  if (Object.hasOwn(FUNCTIONS, name)) return { name, argument };
  if (!name.startsWith('Fn::') && name !== 'Condition') return undefined;
  const known = Object.keys(FUNCTIONS).join(', ');
  throw new LocalStackError('unsupported-resource', `${name} is not known to the local stack; there are: ${known}`);
}

function lookUp(name: string, { parameters, resources }: Scope): unknown {
  const resource = resources.get(name);
  if (resource) return resource.physicalId;
  if (parameters.has(name)) return parameters.get(name);
  throw new LocalStackError('not-found', `The template refers to ${name}, which isn't there`);
}

function attributeOf(id: string, attribute: string, { resources }: Scope): string {
  const value = resources.get(id)?.attributes[attribute];
  if (value === undefined)
    throw new LocalStackError('not-found', `${id} has no attribute ${attribute} in the local stack`);
  return value;
}
