import type { CorsRule } from './buckets.ts';
import { type Answer, type S3Request } from './request.ts';
import type { S3Service } from './service.ts';
export declare function getCors(request: S3Request, { buckets }: S3Service): Promise<Answer>;
export declare function putCors(request: S3Request, { buckets }: S3Service): Promise<Answer>;
export declare function deleteCors(request: S3Request, { buckets }: S3Service): Promise<Answer>;
/**
 * Whether a bucket's rules let pages of this origin do this.
 *
 * @returns the headers that tell a browser so; `undefined` if they don't.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
export declare function corsHeaders(rules: readonly CorsRule[] | undefined, { origin, method, headers }: {
    origin: string;
    method: string;
    headers?: string | undefined;
}): Record<string, string> | undefined;
/**
 * What a browser asks before a request of another origin's page.
 *
 * @throws {S3Error} `InvalidRequest` for what isn't such a question, `AccessDenied` if no rule lets it.
 */
export declare function answerPreflight(request: S3Request, rules: readonly CorsRule[] | undefined): Answer;
