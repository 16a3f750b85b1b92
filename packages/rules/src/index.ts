export {
  aboveBroader,
  type LeastConfidence,
  type NamedLabels,
  NO_RULES,
  nameLabels,
  renameTag,
  synonymsOfBroader,
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
