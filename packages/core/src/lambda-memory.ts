/** A Lambda function has one vCPU at this memory: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const MEMORY_OF_A_VCPU_MB = 1769;
