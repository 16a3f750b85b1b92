/** `npm run test:published`: what is published, packed and installed from its tarballs. `npm run build:package` comes first. */
import config from './jest.config.js';

const [{ testPathIgnorePatterns, ...project }] = config.projects;

export default { ...config, projects: [{ ...project, testMatch: ['<rootDir>/test/published/*.spec.ts'] }] };
