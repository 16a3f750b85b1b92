/**
 * What most contents have in common, so that only what is an image's own takes room. It can't be changed: what was written
 * with it is read with no other. Another one needs another version of the content.
 */
export const DICTIONARY_1 = Buffer.from(
  [
    '{"sha256":"","added":[{"name":"","parents":[]}],"removed":[{"name":"","label":""}]},"own":{"tags":[],"broader":[]},',
    '"outcome":"rejected","reason":"corrupt","message":"The image cannot be decoded: ","outcome":"failed","outcome":"empty","tags":[],"broader":[],',
    '"family":"imagenet","precision":"int8","format":"png","format":"webp","parents":["food"]},"parents":["vehicle"]},',
    '"parents":["mammal","wildlife","animal"]},"parents":["dog","pet","animal"]},"parents":["insect","bug","animal"]},"parents":["structure"]},',
    '{"record":{"schemaVersion":1,"image":{"bucket":"tagmill-uploads-","key":".jpg","versionId":"","etag":"","sha256":"","bytes":,"width":,"height":',
    ',"format":"jpeg","takenAt":"2026-"},"outcome":"tagged","tags":[{"name":"","confidence":0.,"parents":["","animal"]},{"name":"',
    '"}],"broader":[{"name":"animal","confidence":0.},{"name":"","confidence":1}],"model":{"variant":"everyday/0.75-128-int8","family":"everyday",',
    '"alpha":0.75,"resolution":128,"precision":"float32","sha256":""},"timings":{"queueMs":,"fetchMs":,"decodeMs":,"inferMs":,"storeMs":,"totalMs":},',
    '"budget":{"latencyMs":500,"met":true,"reason":"most-accurate","predictedMs":,"extrapolated":true},"taggedAt":"2026-"},"live":["0#1#","0#2#","0#3#"],',
    '"lastModified":"2026-","scores":{"labelSet":"everyday","topN":5,"minConfidence":0.1,"minBroaderConfidence":0.3}}',
  ].join(''),
);

/** The same for the second layout, whose digests are signs: see content-layouts.ts. */
export const DICTIONARY_2 = Buffer.from(
  [
    '{"sha256":\u0001,"added":[{"name":"","parents":[]}],"removed":[{"name":"","label":""}]},"own":{"tags":[],"broader":[]},',
    '"outcome":"rejected","reason":"corrupt","message":"The image cannot be decoded: ","outcome":"failed","outcome":"empty","tags":[],"broader":[],',
    '"family":"imagenet","precision":"int8","format":"png","format":"webp","source":"taught"},"parents":["food"]},"parents":["vehicle"]},',
    '"parents":["clothing"]},"parents":["mammal","wildlife","animal"]},"parents":["dog","pet","animal"]},"parents":["insect","bug","animal"]},',
    '"parents":["building","structure"]},"parents":["furniture","indoors"]},"parents":["plant","nature"]},"parents":["structure"]},',
    '{"record":{"schemaVersion":1,"image":{"bucket":"tagmill-uploads-","key":".jpg","versionId":"","etag":\u0002,"sha256":\u0001,"bytes":,"width":,"height":',
    ',"format":"jpeg","takenAt":"2026-"},"outcome":"tagged","tags":[{"name":"","confidence":0.,"parents":[]},{"name":"","parents":["","animal"]},{"name":"',
    '"}],"broader":[{"name":"animal","confidence":0.},{"name":"","confidence":1}],"model":{"variant":"everyday/0.75-128-int8","family":"everyday",',
    '"alpha":0.75,"resolution":128,"precision":"float32","sha256":\u0001},"timings":{"queueMs":,"fetchMs":,"decodeMs":,"inferMs":,"storeMs":,"totalMs":},',
    '"budget":{"latencyMs":500,"met":true,"reason":"most-accurate","predictedMs":,"extrapolated":true},"taggedAt":"2026-"},"live":["0#1#","0#2#","0#3#"],',
    '"lastModified":"2026-","scores":{"labelSet":"everyday","variant":"everyday/0.5-128","topN":5,"minConfidence":"default","bytes":471},',
    '"fingerprint":{"hash":\u0003,"sharpness":1,"space":"everyday-128-","embedding":128}}',
  ].join(''),
);
