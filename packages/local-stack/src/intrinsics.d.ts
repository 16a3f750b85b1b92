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
/**
 * Computes a value of a template.
 *
 * @throws {LocalStackError} `unsupported-resource` for an intrinsic function that isn't known here, `not-found` for a name that
 * isn't there, `invalid-argument` for what no function takes.
 *
 * @example
 * resolveIntrinsics({ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, scope) // 'a-us-east-1'
 */
export declare function resolveIntrinsics(value: unknown, scope: Scope): unknown;
/** The names that a value refers to: of resources and of parameters. */
export declare function referencesOf(value: unknown): Set<string>;
