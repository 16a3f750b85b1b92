export { type NamedLabels, NO_RULES, nameLabels, renamed, synonymsOfBroader } from './name-labels.ts';
export { type Rules, rulesSchema, type TagRule, tagNameSchema, versionOf } from './rules.ts';
