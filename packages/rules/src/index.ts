export {
  aboveBroader,
  type LeastConfidence,
  listBroaderSynonyms,
  type NamedLabels,
  NO_RULES,
  nameLabels,
  renameTag,
} from './name-labels.ts';
export {
  hashRules,
  isTagName,
  MAX_TAG_NAME,
  NO_TAG_NAME,
  type Rules,
  rulesSchema,
  type TagRule,
} from './rules.ts';
