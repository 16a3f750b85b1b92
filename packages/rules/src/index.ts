export {
  aboveBroader,
  type LeastConfidence,
  type NamedLabels,
  NO_RULES,
  nameLabels,
  renamed,
  synonymsOfBroader,
} from './name-labels.ts';
export {
  isTagName,
  MAX_TAG_NAME,
  NO_TAG_NAME,
  type Rules,
  rulesSchema,
  type TagRule,
  versionOf,
} from './rules.ts';
