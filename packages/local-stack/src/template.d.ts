import { z } from 'zod';
declare const resourceSchema: z.ZodObject<{
    Type: z.ZodString;
    Properties: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
    DependsOn: z.ZodDefault<z.ZodUnion<readonly [z.ZodPipe<z.ZodString, z.ZodTransform<string[], string>>, z.ZodArray<z.ZodString>]>>;
    Condition: z.ZodOptional<z.ZodString>;
}, z.core.$strip>;
declare const templateSchema: z.ZodObject<{
    Resources: z.ZodRecord<z.ZodString, z.ZodObject<{
        Type: z.ZodString;
        Properties: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodUnknown>>;
        DependsOn: z.ZodDefault<z.ZodUnion<readonly [z.ZodPipe<z.ZodString, z.ZodTransform<string[], string>>, z.ZodArray<z.ZodString>]>>;
        Condition: z.ZodOptional<z.ZodString>;
    }, z.core.$strip>>;
    Outputs: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodObject<{
        Value: z.ZodUnknown;
    }, z.core.$strip>>>;
    Parameters: z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodObject<{
        Default: z.ZodUnknown;
    }, z.core.$strip>>>;
}, z.core.$strip>;
export type TemplateResource = z.output<typeof resourceSchema>;
export interface SynthesizedStack {
    name: string;
    template: z.output<typeof templateSchema>;
    /** Folders of the assets, by the key that the template knows them under. */
    assets: ReadonlyMap<string, string>;
}
/**
 * Reads a stack of a cloud assembly, which `cdk synth` wrote.
 *
 * @param stackName may be left out where there is one stack.
 * @throws {LocalStackError} `not-found` if there is no such stack or no assembly; `invalid-argument` if a file is malformed.
 */
export declare function readStack(assemblyDirectory: string, stackName?: string): Promise<SynthesizedStack>;
/**
 * Reads a template by itself. A function's `Code` may be a folder, as `aws cloudformation package` takes it: relative to the template.
 * Where the CDK wrote the template, its assets are read from the file beside it.
 *
 * @param file JSON.
 * @throws {LocalStackError} `not-found` if there is no such file; `invalid-argument` if it is malformed.
 */
export declare function readTemplate(file: string): Promise<SynthesizedStack>;
export {};
