export { type NamedLabels, nameLabels, renamed, synonymsOfBroader } from './name-labels.ts';
export { NO_RULES, type Rules, rulesSchema, type TagRule, tagNameSchema, versionOf } from './rules.ts';
