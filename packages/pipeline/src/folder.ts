/** Whether an object is a folder: consoles make them of empty objects. */
export function isFolder({ key, sizeBytes }: { key: string; sizeBytes: number }): boolean {
  return key.endsWith('/') && sizeBytes === 0;
}
