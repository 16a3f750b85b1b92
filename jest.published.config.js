/** `npm run test:published`: what is published, packed and installed from its tarballs. It needs npm's registry, which `npm test` does without. */
import config from './jest.config.js';

const [{ testPathIgnorePatterns, ...project }] = config.projects;

export default { ...config, projects: [{ ...project, testMatch: ['<rootDir>/test/published/*.spec.ts'] }] };
