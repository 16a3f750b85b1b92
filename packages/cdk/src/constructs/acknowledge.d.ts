import type { Construct } from 'constructs';
/** Says why a wildcard in a policy's resource has to be there. */
export declare function acknowledgeWildcard(scope: Construct, resourceArn: string, reason: string): void;
